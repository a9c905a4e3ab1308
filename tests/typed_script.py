"""A script as a user might write it. ``mypy --strict`` has nothing to say against it."""
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

import epynn.initialize  # noqa: F401
from epynn import (
    GRU,
    Activation,
    Argument,
    Callback,
    Convolution,
    Dense,
    Dropout,
    Embedding,
    EpyNN,
    Flatten,
    Layer,
    Pooling,
    relu,
    softmax,
)
from epynn.commons.checks import positive_integer
from epynn.commons.library import configure_directory, read_model, write_model
from epynn.commons.maths import tanh
from epynn.display.plot import plot_confusion, plot_states
from epynn.gradcheck import gradcheck


class Scale(Layer):
    """A = f(w X), with a weight for each feature."""

    axes = {'m': 'samples', 'n': 'features'}
    fixed_axes = ('n',)
    times = Argument(positive_integer)
    activate = Activation()

    def __init__(self, times: int = 1, activate: str = 'tanh',
                 se_hPars: Mapping[str, Any] | None = None) -> None:
        super().__init__(se_hPars)
        self.times, self.activate = times, activate

    def compute_shapes(self) -> dict[str, tuple[int, ...]]:
        return {'w': (1, self.d['n'])}

    def initialize_parameters(self) -> None:
        self.p['w'] = np.ones((1, self.d['n']))

    def forward_pass(self, X: np.ndarray) -> np.ndarray:
        Z = self.times * X * self.p['w']
        self.fc['X'], self.fc['Z'], self.fc['A'] = X, Z, self.activate(Z)
        A: np.ndarray = self.fc['A']
        return A

    def backward_pass(self, dA: np.ndarray) -> np.ndarray:
        dZ = self.chain('activate', dA, self.fc['Z'], self.fc['A'])
        self.bc['dZ'] = dZ
        dX: np.ndarray = self.times * dZ * self.p['w']
        return dX

    def compute_gradients(self) -> None:
        self.g['dw'] = (self.times * self.bc['dZ'] * self.fc['X']).sum(axis=0, keepdims=True)


class Patience(Callback):
    """End training when the validation loss has not fallen for some epochs."""

    def __init__(self, epochs: int) -> None:
        self.epochs = epochs

    def on_epoch_end(self, model: EpyNN) -> None:
        losses = model.metrics[model.loss][1]
        if len(losses) - 1 - losses.index(min(losses)) >= self.epochs:
            model.stop_training = True


def furthest(Y: np.ndarray, A: np.ndarray) -> float:
    return float(np.abs(Y - A).max())


def main() -> None:
    configure_directory()
    rng = np.random.default_rng(0)
    X, y = rng.standard_normal((60, 8, 3)), np.arange(60) % 2
    embedding = Embedding(X_data=X, Y_data=y, Y_encode=True, batch_size=10, relative_size=(2, 1, 0))
    gru = GRU(4, tanh, sequences=True)
    model = EpyNN(layers=[embedding, gru, Flatten(), Scale(2), Dropout(0.2), Dense(8, relu),
                          Dense(2, softmax)], name='typed')
    model.initialize(loss='CCE', seed=1, metrics=['accuracy', furthest],
                     se_hPars={'learning_rate': 0.01})
    model.train(epochs=4, init_logs=False, callbacks=[Patience(3)])
    model.report()
    model.plot(pyplot=False, path=None)
    units: int = gru.unit_cells
    states: np.ndarray = gru.fc['h']
    print(units, states.shape, model.embedding.dtrain.b)
    plot_confusion(model.embedding.dval)
    plot_states(gru)

    path: Path = write_model(model, 'typed.npz')
    again = read_model(path, custom_objects={'Scale': Scale, 'furthest': furthest})
    dset = again.predict(X[:5])
    print(dset.A, dset.P, gradcheck(Scale(3), X[:, 0]).error)
    images = Convolution(2, 3, padding=1).build(np.ones((2, 6, 6, 1)), seed=1)
    print(Pooling((2, 2)).forward(images.forward(np.ones((2, 6, 6, 1)))).shape)


if __name__ == '__main__':
    main()
