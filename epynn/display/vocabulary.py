"""What do the letters mean? The same in every layer, so that a name says what it holds.

A letter is a dimension (``d['m']``, samples) or an array (``p['W']``, weights). Longer names are
made of letters by three rules: ``d`` in front is the gradient of the loss with respect to that
array (``dW``); ``_`` behind is its pre-activation (``z_``); and ``U``, ``V`` or ``b`` in front of
the letter of a gate is a parameter of that gate (``Uz``).
"""
from epynn.commons.models import Layer

DIMENSIONS = {
    'm': 'samples', 's': 'steps', 'e': 'elements', 'u': 'units', 'n': 'features',
    'h': 'height', 'w': 'width', 'd': 'depth', 'oh': 'height of the output',
    'ow': 'width of the output', 'k': 'windows of a sample',
}

ARRAYS = {
    'X': 'input', 'Z': 'pre-activation', 'A': 'output', 'W': 'weights', 'b': 'bias',
    'U': 'weights of the input', 'V': 'weights of the previous state',
    'h': 'hidden state', 'hp': 'previous hidden state',
    'dhn': 'gradient with respect to h, from the next step',
}

# The dicts of arrays that a layer has, in the order in which they are shown
CACHES = {'p': 'parameter', 'buffers': 'buffer: kept, not learned', 'g': 'gradient',
          'fc': 'forward cache', 'bc': 'backward cache'}


def meaning(layer: Layer, cache: str, name: str) -> str:
    """What an array of a layer is, or which dict it is from where no rule says more.

    ``meaning(gru, 'p', 'Uz')`` is 'weights of the input, update gate'.
    """
    letters = {**ARRAYS, **layer.letters}
    if name in letters:
        return letters[name]
    if cache in ('g', 'bc') and name[:1] == 'd':
        return f'gradient with respect to {name[1:]}'
    if name[:-1] in letters and name[-1] == '_':
        return f'{letters[name[:-1]]}, pre-activation'
    if name[:1] in ('U', 'V', 'b') and name[1:] in letters:
        return f'{letters[name[0]]}, {letters[name[1:]]}'
    return CACHES[cache]


def dimensions(layer: Layer) -> list[tuple[str, int, str]]:
    """The dimensions of a layer: (letter, size, meaning) of each."""
    known = {**DIMENSIONS, **layer.letters, **layer.axes}
    return [(letter, size, known.get(letter, '')) for letter, size in layer.d.items()]
