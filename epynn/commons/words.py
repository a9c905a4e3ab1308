"""What do words of other libraries mean here? Those of Keras, PyTorch and scikit-learn."""
from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

# Names of arguments, losses, metrics and hyperparameters
SAME = {
    'activation': 'activate', 'nonlinearity': 'activate', 'kernel_initializer': 'initialization',
    'return_sequences': 'sequences', 'hidden_size': 'unit_cells', 'units': 'unit_cells',
    'out_features': 'units', 'output_dim': 'units', 'filters': 'unit_filters',
    'out_channels': 'unit_filters', 'kernel_size': 'filter_size', 'stride': 'strides',
    'rate': 'drop_prob', 'p': 'drop_prob', 'bias': 'use_bias', 'clipnorm': 'clip_gradients',
    'roc_auc': 'AUC', 'roc_auc_score': 'AUC', 'balanced_accuracy': 'macro_recall',
    'macro_f1': 'macro_fscore', 'f1_macro': 'macro_fscore', 'top_k_accuracy': 'top_k',
    'smooth_l1': 'Huber', 'smooth_l1_loss': 'Huber', 'huber_loss': 'Huber', 'huber': 'Huber',
    'f1': 'fscore', 'f1_score': 'fscore', 'acc': 'accuracy', 'sensitivity': 'recall',
    'mean_squared_error': 'MSE', 'squared_error': 'MSE', 'mean_absolute_error': 'MAE',
    'binary_crossentropy': 'BCE', 'bce_loss': 'BCE', 'log_loss': 'BCE',
    'categorical_crossentropy': 'CCE', 'sparse_categorical_crossentropy': 'CCE',
    'cross_entropy': 'CCE', 'crossentropy': 'CCE', 'r2_score': 'R2',
    'lr': 'learning_rate', 'alpha': 'learning_rate', 'eta0': 'learning_rate',
    'temperature': 'softmax_temperature', 'negative_slope': 'LRELU_alpha', 'sgd': 'SGD',
    'constant': 'steady', 'exponential': 'exp_decay', 'inverse_time': 'lin_decay',
    'sgd_momentum': 'Momentum', 'sgdm': 'Momentum', 'heavy_ball': 'Momentum', 'nag': 'Nesterov',
    'sgd_nesterov': 'Nesterov', 'cosine_annealing': 'cosine', 'CosineAnnealingLR': 'cosine',
    'CosineDecay': 'cosine', 'StepLR': 'step', 'piecewise': 'step', 'OneCycleLR': 'one_cycle',
    'ExponentialLR': 'exp_decay', 'invscaling': 'lin_decay', 'betas': 'beta_1', 'eps': 'epsilon',
    'l2': 'weight_decay', 'kernel_regularizer': 'weight_decay', 'clip_norm': 'max_norm',
    'global_clipnorm': 'max_norm', 'max_grad_norm': 'max_norm', 'warmup_steps': 'warmup_epochs',
    'step_size': 'step_epochs', 'gamma': 'step_factor', 'max_lr': 'learning_rate',
    'learning_rate_init': 'learning_rate', 'T_max': 'cycle_epochs', 'total_steps': 'cycle_epochs',
    'random_state': 'seed', 'random_seed': 'seed', 'n_epochs': 'epochs', 'max_iter': 'epochs',
    'path_or_buf': 'path', 'filepath': 'path', 'filename': 'path', 'x': 'X_data', 'X': 'X_data',
    'y': 'Y_data', 'Y': 'Y_data', 'linear': 'identity', 'leaky_relu': 'lrelu',
    'restore_best_weights': 'restore_best', 'save_best_only': 'best', 'min_lr': 'least',
    'save_freq': 'every', 'period': 'every', 'threshold': 'min_delta', 'start_lr': 'low',
    'end_lr': 'high', 'min_learning_rate': 'low', 'max_learning_rate': 'high',
    'logistic': 'sigmoid', 'glorot_uniform': 'xavier', 'glorot_normal': 'xavier',
    'merge_mode': 'merge', 'ave': 'mean', 'average': 'mean', 'multiply': 'mul',
}

# Methods, attributes and arguments that are done in another way: how
INSTEAD = {
    'fit': 'give X and Y to Embedding, the first layer, then train(epochs)',
    'fit_transform': 'Embedding encodes and scales when it is made, see dtrain.X',
    'transform': 'inputs(X_data).X has samples encoded and scaled as those of training',
    'compile': "initialize(loss=..., metrics=[...], se_hPars={'learning_rate': ...})",
    'score': "evaluate()['accuracy']",
    'predict_proba': 'predict(X).A has the outputs',
    'decision_function': 'predict(X).A has the outputs',
    'predict_classes': 'predict(X).P has the labels',
    'save': 'write(path)', 'save_weights': 'write(path)',
    'load': 'epynn.read_model(path)', 'load_weights': 'epynn.read_model(path)',
    'load_model': 'epynn.read_model(path)', 'load_state_dict': 'epynn.read_model(path)',
    'state_dict': 'layers[i].p has the parameters of a layer', 'parameters': 'layers[i].p',
    'get_weights': "p of a layer, such as layers[1].p['W']",
    'set_weights': "p of a layer, layers[1].p['W'][:] = ...",
    'weights': "p of a layer, such as layers[1].p['W']",
    'trainable_variables': "p of a layer, such as layers[1].p['W']",
    'X_data': 'dtrain.X, dval.X and dtest.X have the samples of each set',
    'Y_data': 'dtrain.Y, dval.Y and dtest.Y have the targets of each set',
    'random_state': 'Embedding(X, Y, shuffle=seed) and initialize(seed=...)',
    'history': 'metrics has the values of each epoch',
    'loss_curve_': 'metrics[loss] has the values of each epoch',
    'add': 'EpyNN([Embedding(...), Dense(...), ...]) takes all layers at once',
    'eval': 'predict and evaluate need no switch', 'zero_grad': 'gradients are new in each batch',
    'step': 'update_parameters()', 'to': "initialize(dtype='float32')",
    'optimizer': "se_hPars={'optimizer': 'SGD', 'learning_rate': 0.1}, given to initialize",
    'learning_rate': "se_hPars={'learning_rate': ...}, given to initialize",
    'lr': "se_hPars={'learning_rate': ...}, given to initialize",
    'l1': 'an optimizer of your own that adds the sign of W to its gradient',
    'weight_decay': "se_hPars={'weight_decay': ...}, given to initialize",
    'batch_size': 'Embedding(X, Y, batch_size=...)',
    'shuffle': 'Embedding(X, Y, shuffle=seed); batches are shuffled in any case',
    'validation_data': 'Embedding(X, Y, relative_size=(2, 1, 0)) splits the data given',
    'validation_split': 'Embedding(X, Y, relative_size=(4, 1, 0))',
    'test_size': 'Embedding(X, Y, relative_size=(3, 0, 1))',
    'input_shape': 'shapes follow from the data', 'input_dim': 'shapes follow from the data',
    'in_features': 'shapes follow from the data', 'input_size': 'shapes follow from the data',
    'in_channels': 'shapes follow from the data',
    'num_layers': 'one layer after the other, with sequences=True in all but the last',
    'callbacks': 'train(epochs, callbacks=[...])', 'metrics': 'initialize(metrics=[...])',
    'loss': 'initialize(loss=...)', 'epochs': 'train(epochs)',
    'save_weights_only': 'a file always has the whole network', 'separator': 'it is a comma',
    'name': 'EpyNN(layers, name=...)', 'batch_first': 'samples always come first',
    'bidirectional': 'Bidirectional(GRU(...)), a layer around the layer',
    'dropout': 'put a Dropout layer behind it',
    'backward_layer': 'the second layer is made with the arguments of the first',
    'device': 'everything is computed on the CPU', 'verbose': 'train(epochs, verbose=0)',
}


def hint(word: str, known: Iterable[str]) -> str:
    """What to do instead of an unknown word, as the end of an error; nothing if nobody knows."""
    lower = {str(k).lower(): str(k) for k in known}
    same = (SAME.get(word) or SAME.get(word.lower(), '')).lower()
    if same in lower:
        return f'; did you mean {lower[same]!r}?'
    if word in INSTEAD:
        return f'; instead: {INSTEAD[word]}'
    close = get_close_matches(word.lower(), lower, n=1)
    return f'; did you mean {lower[close[0]]!r}?' if close else ''
