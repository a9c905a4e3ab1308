"""What do the letters mean? The same everywhere, so that a name says what it holds.

One letter is a dimension (``d['u']``, units) or an array (``p['W']``, weights). Names are made of
letters by three rules: ``d`` before a name is the gradient of the loss by it (``dW``), ``_``
behind it is what it was before its activation (``z_``), and ``U``, ``V`` or ``b`` before the
letter of a gate are the parameters of that gate (``Uz``).
"""

DIMENSIONS = {
    'm': 'samples', 's': 'steps', 'e': 'elements', 'u': 'units', 'n': 'features',
    'h': 'height', 'w': 'width', 'd': 'depth', 'oh': 'height of the output',
    'ow': 'width of the output', 'k': 'windows of a sample',
}

ARRAYS = {
    'X': 'input', 'Z': 'before activation', 'A': 'output', 'W': 'weights', 'b': 'bias',
    'U': 'weights of the input', 'V': 'weights of the state before',
    'h': 'hidden state', 'hp': 'hidden state before', 'dhn': 'gradient by h, from the next step',
}

KEPT = {'p': 'parameter', 'g': 'gradient', 'fc': 'forward cache', 'bc': 'backward cache'}


def meaning(layer, kept, name):
    """What an array of a layer is: ``meaning(gru, 'p', 'Uz')`` is 'weights of the input, update
    gate'. Where no rule says it, what kind of array it is."""
    letters = {**ARRAYS, **layer.letters}
    if name in letters:
        return letters[name]
    if kept in ('g', 'bc') and name[:1] == 'd':
        return f'gradient by {name[1:]}'
    if name[:-1] in letters and name[-1] == '_':
        return f'{letters[name[:-1]]}, before activation'
    if name[:1] in ('U', 'V', 'b') and name[1:] in letters:
        return f'{letters[name[0]]}, {letters[name[1:]]}'
    return KEPT[kept]


def dimensions(layer):
    """The dimensions of a layer: (letter, size, meaning) of each."""
    known = {**DIMENSIONS, **layer.letters, **layer.axes}
    return [(letter, size, known.get(letter, '')) for letter, size in layer.d.items()]
