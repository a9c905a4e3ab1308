"""What is it called here? Words of Keras, PyTorch and scikit-learn, for errors that say so."""
from __future__ import annotations

from collections.abc import Container
from typing import Any

# Arguments, and those that mean the same here
ARGUMENTS = {
    'activation': ('activate',), 'nonlinearity': ('activate',),
    'recurrent_activation': ('activate_update', 'activate_input'),
    'units': ('unit_cells', 'unit_filters'), 'unit_cells': ('units',), 'neurons': ('units',),
    'out_features': ('units',), 'hidden_size': ('unit_cells',), 'filters': ('unit_filters',),
    'out_channels': ('unit_filters',), 'kernel_size': ('filter_size', 'pool_size'),
    'stride': ('strides',), 'bias': ('use_bias',), 'return_sequences': ('sequences',),
    'rate': ('drop_prob',), 'p': ('drop_prob',), 'kernel_initializer': ('initialization',),
    'initializer': ('initialization',), 'clipnorm': ('clip_gradients',),
    'X': ('X_data',), 'x': ('X_data',), 'y': ('Y_data',), 'Y': ('Y_data',), 'data': ('X_data',),
    'validation_data': ('relative_size',), 'validation_split': ('relative_size',),
    'test_size': ('relative_size',), 'train_size': ('relative_size',),
    'random_state': ('shuffle', 'seed'), 'lr': ('learning_rate', 'se_hPars'),
    'learning_rate': ('se_hPars',), 'optimizer': ('se_hPars',), 'momentum': ('se_hPars',),
    'normalize': ('X_scale',), 'one_hot': ('X_encode',), 'n_epochs': ('epochs',),
    'num_epochs': ('epochs',), 'nb_epoch': ('epochs',), 'max_iter': ('epochs',),
}
FOUND_OUT = ('input_shape', 'input_dim', 'in_features', 'input_size', 'in_channels')

# Attributes and methods of a layer or a set of data
ATTRIBUTES = {
    'fit': 'data are encoded and scaled when an Embedding is made; a network has train(epochs)',
    'fit_transform': 'data are encoded and scaled when an Embedding is made, see dtrain.X',
    'transform': 'inputs(X_data).X has samples encoded and scaled as in training',
    'weights': 'parameters are in p, such as p[\'W\']', 'get_weights': 'parameters are in p',
    'parameters': 'parameters are in p, their gradients in g', 'weight': "it is p['W']",
    'kernel': "it is p['W']", 'bias': "it is p['b']", 'grad': 'gradients are in g',
    'X_data': 'samples are in dtrain.X, dval.X and dtest.X', 'x': 'samples are in X',
    'Y_data': 'targets are in dtrain.Y, dval.Y and dtest.Y', 'labels': 'labels are in y',
    'data': 'samples are in X, targets in Y', 'target': 'targets are in Y, labels in y',
    'targets_': 'targets are in Y', 'shape': 'samples are in X, see X.shape',
    'predictions': 'predictions are in P, outputs in A', 'train': 'it is its network that trains',
    'predict': 'it is its network that predicts',
}

# Names of losses, metrics, activations and such
NAMES = {
    'acc': 'accuracy', 'f1': 'fscore', 'f1_score': 'fscore', 'sensitivity': 'recall',
    'mean_squared_error': 'MSE', 'mean_absolute_error': 'MAE', 'l1': 'MAE', 'l2': 'MSE',
    'mean_squared_logarithmic_error': 'MSLE', 'binary_crossentropy': 'BCE', 'log_loss': 'BCE',
    'categorical_crossentropy': 'CCE', 'cross_entropy': 'CCE', 'crossentropy': 'CCE',
    'sparse_categorical_crossentropy': 'CCE', 'r2_score': 'R2', 'rmse': 'RMSE',
    'linear': 'identity', 'none': 'identity', 'leaky_relu': 'lrelu', 'leakyrelu': 'lrelu',
    'logistic': 'sigmoid', 'glorot': 'xavier', 'glorot_normal': 'xavier',
    'glorot_uniform': 'xavier', 'avg': 'mean', 'average': 'mean', 'constant': 'steady',
    'exponential': 'exp_decay', 'minmax': 'features', 'zscore': 'standard',
}


def argument(name: str, takes: Container[str]) -> str:
    """What to write for an argument that is not taken, as the end of a message, or nothing."""
    if name in FOUND_OUT:
        return f'; leave {name} out, it is found out from the data'
    here = [word for word in ARGUMENTS.get(name, ()) if word in takes]
    return f'; for {name} write {here[0]}' if here else ''


def attribute(owner: Any, name: str) -> AttributeError:
    """The error for an attribute that is not there."""
    hint = f': {ATTRIBUTES[name]}' if name in ATTRIBUTES else ''
    return AttributeError(f'{type(owner).__name__!r} object has no attribute {name!r}{hint}')
