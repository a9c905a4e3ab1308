"""What went wrong, and what may help? One line, where training or data look like trouble."""
from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from epynn.commons.maths import relu
from epynn.embedding.encoding import Unchanged, features
from epynn.speed.one_hot import OneHot

if TYPE_CHECKING:
    from epynn.network.models import EpyNN

FAR_APART = 100                         # sizes of features, the largest by the smallest
SOME = 1000                             # samples that are looked at
RISE = 10                               # times the loss at the beginning


def scale_hint(model: EpyNN) -> str:
    """What to do about unscaled features of sizes far apart; '' if all is well."""
    embedding, X = model.embedding, model.embedding.dtrain.inputs
    if type(embedding.x_transform) is not Unchanged or isinstance(X, OneHot) or X.ndim < 2:
        return ''
    lengths = embedding.dtrain.lengths
    sizes = np.abs(features(X[:SOME], None if lengths is None else lengths[:SOME])).max(axis=0)
    there = np.flatnonzero(sizes)
    if len(there) < 2 or sizes.max() <= FAR_APART * sizes[there].min():
        return ''
    large, small = int(sizes.argmax()), int(there[sizes[there].argmin()])
    return (f'Feature {large} goes up to {sizes[large]:.3g}, feature {small} to '
            f"{sizes[small]:.3g}: the network will hardly see the latter. Try X_scale='standard'.")


def training_hint(model: EpyNN, first: int = 0) -> str:
    """The likely cause where training went wrong, and a remedy; '' if it did not.

    Parameters
    ----------
    model : EpyNN
    first : int
        Epoch that this training began with.
    """
    losses = model.metrics[model.loss][0][first:]
    batch = len(model.embedding.batches()[0])
    rates = [layer.lrate[model.e - 1] for layer in model.walk() if layer.p and layer.trainable]
    smaller = (f'gradients add up over the {batch} samples of a batch, so try a learning_rate of '
               f'{max(rates, default=0) / 10:.2g} or smaller batches')
    if len(losses) > 1 and losses[-1] > RISE * losses[0]:
        return (f'The loss on the training set rose from {losses[0]:.3g} to {losses[-1]:.3g}: '
                f'{smaller}.')
    norms = {layer.title: layer.gradient_norms[-1] for layer in model.walk()
             if layer.gradient_norms and layer.trainable}
    dead = [layer.title for layer in model.walk()
            if layer.activation.get('activate') == relu.__name__ and 'A' in layer.fc
            and not np.any(layer.fc['A'])]
    if dead:
        return (f'All outputs of {dead[0]} are 0 in the last batch: its units are dead, and '
                f'nothing is learned before them. A smaller step keeps them alive: {smaller}.')
    if norms and not any(norms.values()):
        return ('All gradients of the last batch are 0, so nothing changes any more: outputs may '
                'be saturated. Try a smaller learning_rate, or scaled features, '
                "X_scale='standard'.")
    dtrain = model.embedding.dtrain
    if model.task == 'classes' and len(dtrain.b) > 1 and dtrain.P is not None \
            and len(predicted := np.unique(dtrain.each(dtrain.P))) == 1:
        return (f'Every sample of the training set is predicted as {predicted[0]}: the network '
                f'knows no better than the most frequent label so far. Train longer, or {smaller}, '
                "or scale the features, X_scale='standard'.")
    return ''
