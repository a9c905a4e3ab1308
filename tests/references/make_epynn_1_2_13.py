"""Train small networks with EpyNN 1.2.13 and record what came out, to compare with in the tests.

Writes `epynn_1_2_13.npz` beside this file, or where the first argument says. EpyNN 1.2.13 is used
from outside only, through its public classes. It needs an environment of its own:

    python3.11 -m venv venv
    venv/bin/pip install numpy==1.23.5 scipy==1.10.1 matplotlib==3.7.5
    venv/bin/pip install tabulate termcolor pygments wget texttable
    venv/bin/pip install --no-deps EpyNN==1.2.13
    venv/bin/python make_epynn_1_2_13.py

The file holds no pickles. `settings` is a JSON string, {"made_with": {...}, "cases": [case, ...]};
a case is an entry of CASES below with its defaults spelled out. Its `layers` are those after the
Embedding: layer i of the model is layers[i - 1]. The arrays of a case are named after it:

    <case>/X_data, <case>/Y_data      what Embedding was given
    <case>/metrics/<metric>/<set>     one value an epoch; set is dtrain, dval or dtest;
                                      an array of length 0 where the set is empty
    <case>/lrate/<i>                  learning rates of layer i, one an epoch
    <case>/initial/<i>/<parameter>    parameters of layer i after initialize
    <case>/final/<i>/<parameter>      and after train
    <case>/A/<set>, <case>/P/<set>    output and prediction after train, where the set is not empty
"""

import contextlib
import copy
import io
import json
import multiprocessing
import platform
import sys
import warnings
from importlib import import_module
from pathlib import Path

import numpy as np

SE_HPARS = {
    'learning_rate': 0.1,
    'schedule': 'steady',
    'decay_k': 0,
    'cycle_epochs': 0,
    'cycle_descent': 0,
    'ELU_alpha': 1,
    'LRELU_alpha': 0.3,
    'softmax_temperature': 1,
}
BINARY = ['accuracy', 'recall', 'precision', 'fscore', 'specificity', 'NPV']


# Each case has its own data seed, so that a case can be added without changing the others.


def features(n, n_classes, shape, seed, scale=1.0):
    """Standard normal inputs; the label is the quantile of a random projection of them."""
    rng = np.random.default_rng(seed)
    X = np.round(scale * rng.standard_normal((n, *shape)), 3)  # rounded: a smaller file
    score = X.reshape(n, -1) @ rng.standard_normal(int(np.prod(shape)))
    y = np.searchsorted(np.quantile(score, np.arange(1, n_classes) / n_classes), score)
    return X, y


def symbols(n, steps, alphabet, seed):
    """Sequences of symbols; label 1 where the first symbol occurs more often than the second."""
    rng = np.random.default_rng(seed)
    codes = rng.integers(0, len(alphabet), (n, steps))
    codes[0, : len(alphabet)] = np.arange(len(alphabet))  # all of the alphabet occurs
    y = ((codes == 0).sum(axis=1) > (codes == 1).sum(axis=1)).astype(int)
    return np.array(alphabet)[codes], y


def column(data):
    """Labels as (m, 1)."""
    X, y = data
    return X, y.reshape(-1, 1)


def one_hot(data):
    """Labels one-hot encoded before they are handed over."""
    X, y = data
    return X, np.eye(y.max() + 1)[y]


def real_valued(data):
    """Real targets (m, 1), for a regression."""
    X, y = data
    return X, 0.5 * X[:, :1] - 0.25 * X[:, 1:2] + 0.1 * y.reshape(-1, 1)


def layer(name, *args, se_hPars=None, **kwargs):
    """Entry of a layer; the leading arguments are named as its class names them."""
    names = {
        'Dense': ['units', 'activate'],
        'Flatten': [],
        'RNN': ['unit_cells'],
        'GRU': ['unit_cells'],
        'LSTM': ['unit_cells'],
        'Convolution': ['unit_filters', 'filter_size'],
        'Pooling': ['pool_size'],
    }[name]
    return {
        'layer': name,
        'args': {**dict(zip(names, args, strict=False)), **kwargs},
        'se_hPars': se_hPars,
    }


def case(
    name,
    data,
    layers,
    loss='MSE',
    metrics=('accuracy',),
    seed=1,
    epochs=4,
    se_hPars=None,
    **embedding,
):
    """Entry of a case; further keywords go to Embedding."""
    return {
        'name': name,
        'data': data,
        'embedding': {
            'relative_size': (2, 1, 0),
            'batch_size': None,
            'X_encode': False,
            'Y_encode': False,
            'X_scale': False,
            **embedding,
        },
        'layers': layers,
        'loss': loss,
        'metrics': list(metrics),
        'seed': seed,
        'epochs': epochs,
        'se_hPars': {**SE_HPARS, **(se_hPars or {})},
    }


CASES = [
    case(
        'dense_sigmoid_mse',
        column(features(40, 2, (4,), 101)),
        [layer('Dense', 1, 'sigmoid')],
        metrics=BINARY,
        epochs=5,
        batch_size=8,
    ),
    case(
        'dense_relu_softmax_cce',
        features(50, 3, (5,), 102),
        [layer('Dense', 6, 'relu'), layer('Dense', 3, 'softmax')],
        loss='CCE',
        seed=2,
        epochs=5,
        batch_size=7,
        Y_encode=True,
        se_hPars={'learning_rate': 0.05},
    ),
    case(
        'dense_lrelu_sigmoid_bce',
        features(45, 2, (4,), 103),
        [layer('Dense', 5, 'lrelu'), layer('Dense', 1, 'sigmoid')],
        loss='BCE',
        metrics=['accuracy', 'recall', 'MAE'],
        seed=7,
        epochs=6,
        batch_size=6,
        se_hPars={'schedule': 'lin_decay'},
    ),
    case(
        'dense_elu_sigmoid_mae',
        one_hot(features(40, 2, (4,), 104)),
        [layer('Dense', 5, 'elu'), layer('Dense', 2, 'sigmoid')],
        loss='MAE',
        metrics=BINARY,
        epochs=6,
        batch_size=5,
        relative_size=(3, 1, 1),
        se_hPars={'schedule': 'exp_decay', 'cycle_epochs': 2, 'cycle_descent': 0.5},
    ),
    case(
        'dense_tanh_sigmoid_msle',
        features(40, 2, (4,), 105),
        [layer('Dense', 5, 'tanh'), layer('Dense', 1, 'sigmoid')],
        loss='MSLE',
        seed=2,
        epochs=5,
        se_hPars={'schedule': 'exp_decay'},
    ),
    case(
        'dense_identity_softmax_mse',
        features(48, 3, (4,), 106),
        [
            layer('Dense', 4, 'identity', se_hPars={**SE_HPARS, 'learning_rate': 0.02}),
            layer('Dense', 3, 'softmax'),
        ],
        metrics=['accuracy', 'CCE'],
        seed=7,
        epochs=6,
        batch_size=10,
        Y_encode=True,
        se_hPars={
            'schedule': 'exp_decay',
            'decay_k': 0.2,
            'cycle_epochs': 4,
            'cycle_descent': 0.25,
        },
    ),
    case(
        'dense_identity_output',
        real_valued(features(36, 2, (3,), 107)),
        [layer('Dense', 4, 'tanh'), layer('Dense', 1, 'identity')],
        metrics=['MAE'],
        seed=2,
        batch_size=6,
        relative_size=(2, 1, 1),
        se_hPars={'learning_rate': 0.02, 'schedule': 'lin_decay', 'decay_k': 0.01},
    ),
    case(
        'dense_alphas_orthogonal',
        features(40, 2, (4,), 108),
        [
            layer('Dense', 4, 'elu', initialization='orthogonal'),
            layer('Dense', 6, 'lrelu'),
            layer('Dense', 2, 'softmax'),
        ],
        loss='CCE',
        metrics=BINARY,
        batch_size=8,
        Y_encode=True,
        se_hPars={'ELU_alpha': 0.5, 'LRELU_alpha': 0.1, 'learning_rate': 0.05},
    ),
    case(
        'dense_scaled_input',
        features(40, 2, (6,), 109, scale=7.0),
        [layer('Dense', 4, 'relu'), layer('Dense', 2, 'softmax')],
        metrics=['accuracy', 'precision'],
        batch_size=4,
        relative_size=(2, 1, 1),
        X_scale=True,
        Y_encode=True,
    ),
    case(
        'flatten_dense',
        features(40, 2, (4, 3), 110),
        [layer('Flatten'), layer('Dense', 5, 'relu'), layer('Dense', 2, 'softmax')],
        metrics=['accuracy', 'recall', 'precision'],
        batch_size=6,
        Y_encode=True,
    ),
    case(
        'rnn_last',
        features(40, 2, (6, 3), 111),
        [layer('RNN', 4), layer('Dense', 2, 'softmax')],
        metrics=BINARY,
        seed=2,
        batch_size=6,
        Y_encode=True,
    ),
    case(
        'rnn_sequences',
        features(40, 2, (6, 3), 112),
        [
            layer('RNN', 2, sequences=True),
            layer('Flatten'),
            layer('Dense', 4, 'relu'),
            layer('Dense', 2, 'softmax'),
        ],
        batch_size=8,
        Y_encode=True,
    ),
    case(
        'rnn_unclipped',
        column(features(40, 2, (6, 3), 113)),
        [layer('RNN', 4, clip_gradients=False), layer('Dense', 1, 'sigmoid')],
        loss='BCE',
        seed=7,
        batch_size=6,
    ),
    case(
        'gru_last',
        features(40, 2, (6, 3), 114),
        [layer('GRU', 4), layer('Dense', 2, 'softmax')],
        batch_size=6,
        Y_encode=True,
    ),
    case(
        'gru_clipped',
        features(40, 2, (6, 3), 115, scale=2.0),
        [layer('GRU', 4, clip_gradients=True), layer('Dense', 2, 'softmax')],
        loss='CCE',
        seed=7,
        batch_size=9,
        Y_encode=True,
    ),
    case(
        'gru_sequences_encoded_integers',
        symbols(40, 12, [1, 2, 5, 10], 116),
        [
            layer('GRU', 1, sequences=True),
            layer('Flatten'),
            layer('Dense', 6, 'relu'),
            layer('Dense', 2, 'softmax'),
        ],
        metrics=['accuracy', 'recall', 'precision'],
        batch_size=8,
        X_encode=True,
        Y_encode=True,
    ),
    case(
        'lstm_last',
        features(40, 2, (6, 3), 117),
        [layer('LSTM', 4), layer('Dense', 2, 'softmax')],
        seed=2,
        batch_size=6,
        Y_encode=True,
    ),
    case(
        'lstm_sequences_clipped',
        features(40, 2, (6, 3), 118, scale=2.0),
        [
            layer('LSTM', 3, sequences=True, clip_gradients=True),
            layer('Flatten'),
            layer('Dense', 2, 'softmax'),
        ],
        batch_size=8,
        Y_encode=True,
    ),
    case(
        'lstm_encoded_strings',
        symbols(40, 10, ['t', 'A', 'g', 'C'], 119),
        [layer('LSTM', 3), layer('Dense', 2, 'softmax')],
        metrics=BINARY,
        seed=7,
        batch_size=8,
        relative_size=(2, 1, 1),
        X_encode=True,
        Y_encode=True,
    ),
    case(
        'rnn_gru_stacked',
        features(40, 2, (6, 3), 120),
        [
            layer('RNN', 3, sequences=True, clip_gradients=False),
            layer('GRU', 2),
            layer('Dense', 2, 'softmax'),
        ],
        batch_size=6,
        Y_encode=True,
    ),
    case(
        'convolution_pooling_max',
        features(36, 2, (8, 8, 1), 121),
        [
            layer('Convolution', 3, (3, 3), strides=(1, 1), activate='lrelu'),
            layer('Pooling', (2, 2)),
            layer('Flatten'),
            layer('Dense', 2, 'softmax'),
        ],
        batch_size=6,
        Y_encode=True,
        se_hPars={'learning_rate': 0.01},
    ),
    case(
        'convolution_padded_pooling_min',
        features(30, 2, (7, 7, 2), 122),
        [
            layer(
                'Convolution', 3, (3, 3), strides=(2, 2), padding=1, activate='tanh', use_bias=False
            ),
            layer('Pooling', (2, 2), strides=(1, 1), pool='min'),
            layer('Flatten'),
            layer('Dense', 2, 'softmax'),
        ],
        loss='CCE',
        seed=2,
        batch_size=5,
        Y_encode=True,
        se_hPars={'learning_rate': 0.01},
    ),
    case(
        'convolution_default_strides_relu',
        features(30, 2, (7, 7, 1), 123),
        [layer('Convolution', 4, (3, 3)), layer('Flatten'), layer('Dense', 2, 'softmax')],
        seed=7,
        batch_size=6,
        Y_encode=True,
        se_hPars={'learning_rate': 0.02},
    ),
]


def build(setting):
    """One layer of EpyNN 1.2.13 from its entry in CASES."""
    maths = import_module('epynn.commons.maths')
    name = setting['layer']
    cls = getattr(import_module(f'epynn.{name.lower()}.models'), name)
    args = dict(setting['args'])
    for key in ('activate', 'initialization'):
        if key in args:
            args[key] = getattr(maths, args[key])
    if 'pool' in args:
        args['pool'] = getattr(np, args['pool'])
    if setting['se_hPars'] is not None:
        args['se_hPars'] = dict(setting['se_hPars'])
    return cls(**args)


def run(settings):
    """Arrays of one case, to be called in a process of its own."""
    sys.tracebacklimit = 0
    warnings.simplefilter('ignore')
    from epynn.embedding.models import Embedding
    from epynn.network.models import EpyNN

    settings = copy.deepcopy(settings)
    X_data, Y_data = settings['data']
    arrays = {'X_data': X_data.copy(), 'Y_data': Y_data.copy()}

    embedding = Embedding(X_data=X_data, Y_data=Y_data, **settings['embedding'])
    model = EpyNN(layers=[embedding, *map(build, settings['layers'])], name=settings['name'])
    with contextlib.redirect_stdout(io.StringIO()):
        model.initialize(
            loss=settings['loss'],
            seed=settings['seed'],
            metrics=list(settings['metrics']),
            se_hPars=dict(settings['se_hPars']),
            end='\r',
        )
        for i, part in enumerate(model.layers):
            arrays.update({f'initial/{i}/{key}': value.copy() for key, value in part.p.items()})
        model.train(epochs=settings['epochs'], init_logs=False)

    for i, part in enumerate(model.layers):
        arrays.update({f'final/{i}/{key}': value for key, value in part.p.items()})
        if part.p:
            arrays[f'lrate/{i}'] = np.array(part.lrate, dtype=float)
    for metric, values in model.metrics.items():
        for name, series in zip(('dtrain', 'dval', 'dtest'), values, strict=True):
            arrays[f'metrics/{metric}/{name}'] = np.array(series, dtype=float)
    for dset in embedding.dsets:
        arrays.update({f'A/{dset.name}': dset.A, f'P/{dset.name}': dset.P})
    return {f'{settings["name"]}/{key}': np.array(value) for key, value in arrays.items()}


def main(path):
    """Run every case in a fresh process and write the file."""
    arrays = {}
    with multiprocessing.get_context('spawn').Pool(1, maxtasksperchild=1) as pool:
        for part in pool.imap(run, CASES, chunksize=1):
            arrays.update(part)
    import scipy

    settings = {
        'made_with': {
            'EpyNN': '1.2.13',
            'numpy': np.__version__,
            'scipy': scipy.__version__,
            'python': platform.python_version(),
        },
        'cases': [{key: value for key, value in c.items() if key != 'data'} for c in CASES],
    }
    np.savez_compressed(path, settings=np.array(json.dumps(settings)), **arrays)


if __name__ == '__main__':
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).with_name('epynn_1_2_13.npz'))
