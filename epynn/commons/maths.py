"""Which functions shape a signal? Activations, initial parameters, clipping of gradients.

Every activation is a function ``f(x, deriv=False)`` of the pre-activation: its value, or with
``deriv=True`` its derivative at ``x``. Parameters of its own bear the name of the hyperparameter
that sets them (see :mod:`epynn.settings`) and are bound to it layer by layer.
"""
import math

import numpy as np


def _floats(x, values):
    """The values in the precision of x, in double precision where x is not floating point."""
    return values.astype(np.result_type(x, 1.0))


# Beyond it exp overflows, in half and single precision; beyond 709 in double precision
LARGEST_EXPONENT = {'e': 11, 'f': 88, 'F': 88}


def identity(x, deriv=False):
    """x, of slope 1."""
    return np.ones_like(x) if deriv else x


def relu(x, deriv=False):
    """Rectified linear unit, max(0, x) (Nair & Hinton, 2010)."""
    return _floats(x, np.greater(x, 0)) if deriv else np.maximum(x, 0)


def lrelu(x, deriv=False, LRELU_alpha=0.3):
    """Leaky ReLU, x above 0 and alpha x below (Maas et al., 2013)."""
    slope = _floats(x, np.where(np.greater(x, 0), 1, LRELU_alpha))
    return slope if deriv else slope * x


def elu(x, deriv=False, ELU_alpha=1):
    """Exponential linear unit, alpha (exp(x) - 1) below 0 (Clevert et al., 2016)."""
    below = np.minimum(x, 0)            # exp of what is above 0 would overflow, for nothing
    if deriv:
        return _floats(x, np.where(np.greater(x, 0), 1, ELU_alpha * np.exp(below)))
    return np.where(np.greater(x, 0), x, ELU_alpha * np.expm1(below))


def sigmoid(x, deriv=False):
    """Logistic function, 1 / (1 + exp(-x)); its slope s (1 - s) stays above 0 (see BCE)."""
    x = np.asarray(x)
    e = np.exp(np.minimum(x, LARGEST_EXPONENT.get(x.dtype.char, 709)))
    s = e / (1 + e)
    return sigmoid_slope(s) if deriv else s


def sigmoid_slope(s):
    """Slope of sigmoid where its value is s."""
    return np.maximum(s * (1 - s), np.finfo(s.dtype).tiny)


def tanh(x, deriv=False):
    """Hyperbolic tangent."""
    t = np.tanh(x)
    return tanh_slope(t) if deriv else t


def tanh_slope(t):
    """Slope of tanh where its value is t."""
    return 1 - t**2


def softmax(x, deriv=False, softmax_temperature=1):
    """Normalized exponential over the last axis, of x / T (Bridle, 1990; Hinton et al., 2015).

    Each output depends on all inputs: for ``x`` of shape (m, c) the derivative has shape
    (m, c, c), ``[m, i, j]`` being that of output i by input j.
    """
    with np.errstate(over='ignore'):    # a difference may be infinite: then its share is 0
        exps = np.exp((x - x.max(axis=-1, keepdims=True)) / softmax_temperature)
    a = np.maximum(exps / exps.sum(axis=-1, keepdims=True), np.finfo(exps.dtype).tiny)
    if not deriv:
        return a
    diagonal = np.eye(a.shape[-1], dtype=a.dtype) * a[..., np.newaxis]
    return (diagonal - a[..., :, np.newaxis] * a[..., np.newaxis, :]) / softmax_temperature


activations = {f.__name__: f for f in (identity, relu, lrelu, elu, sigmoid, tanh, softmax)}
slopes = {sigmoid: sigmoid_slope, tanh: tanh_slope}     # where the value says it, see Layer.slope


def xavier(shape, rng):
    """Standard normal times sqrt(2 / sum of the shape) (Glorot & Bengio, 2010)."""
    x = rng.standard_normal(shape)
    x *= np.sqrt(2 / sum(shape))
    return x


def orthogonal(shape, rng):
    """Q of the QR decomposition of a standard normal, columns or rows orthonormal (Saxe, 2014)."""
    x = rng.standard_normal(shape).reshape(-1, shape[-1])       # filters (fh, fw, d, u) too
    wide = x.shape[0] < x.shape[1]
    q, r = np.linalg.qr(x.T if wide else x)
    q = q * np.where(np.diag(r) < 0, -1, 1)     # QR is unique up to these signs
    return np.ascontiguousarray(q.T if wide else q).reshape(shape)


initializations = {f.__name__: f for f in (xavier, orthogonal)}


def clip_gradient(layer, max_norm=0.25):
    """Scale all gradients of a layer down together to L2 norm ``max_norm`` (Pascanu et al., 2013).

    Parameters
    ----------
    layer : Layer
        Its gradients ``layer.g`` are scaled where their common norm is larger.
    max_norm : float
    """
    largest = max(np.abs(g).max() for g in layer.g.values())
    if not largest > 0:
        return
    # Squares of the largest numbers would overflow, and so may their norm: relative to the largest
    norm = math.sqrt(sum(float((np.abs(g / largest)**2).sum()) for g in layer.g.values()))
    if norm * float(largest) > max_norm:
        for name, g in layer.g.items():
            layer.g[name] = g / largest * (max_norm / norm)
