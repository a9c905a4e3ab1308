"""What exists before the first step of Dropout? A mask for each batch, drawn when it comes."""


def dropout_initialize_forward(layer, shape):
    """Mask D of what is kept, of size 1 along the axes that share it."""
    axes = layer.o['axis']
    if any(not -len(shape) <= axis < len(shape) for axis in axes):
        raise ValueError(f'{layer.title} expects axis to be among those of its input of shape '
                         f'{shape}, got {axes}')
    shared = [axis % len(shape) for axis in axes]
    mask_shape = tuple(1 if i in shared else n for i, n in enumerate(shape))
    return layer.rng.random(mask_shape) > layer.o['drop_prob']
