"""How do handwritten digits come to the network? Those of the package, or yours in ``data/``.

In the package are the 1,797 digits of 13 writers, 8 x 8 pixels in 17 tones, that are the test set
of E. Alpaydin, C. Kaynak, "Optical Recognition of Handwritten Digits", UCI Machine Learning
Repository, 1998, https://doi.org/10.24432/C50P49, under the licence CC BY 4.0; see data/README.md.
"""
import gzip
import random
import struct
import zlib
from pathlib import Path

import numpy as np
from scipy.ndimage import zoom

from epynn.commons.checks import positive_integer

PACKAGED = Path(__file__).parent / 'data' / 'optdigits.npz'
PACKAGED_SHAPE = 8, 8, 1
DATA = Path('data')                     # in the working directory: yours to fill
IMAGES, LABELS = '-images-idx3-ubyte.gz', '-labels-idx1-ubyte.gz'


def prepare_dataset(N_SAMPLES: int | None = 100) -> tuple[list[np.ndarray], list[int]]:
    """Prepare N_SAMPLES handwritten digits in the form of MNIST, with their labels.

    These are the digits of :func:`prepare_digits`, as EpyNN 1.2.13 prepared them: those of the
    package are drawn larger, with tones between their pixels. The course takes them as they are,
    because they have a twelfth of the pixels.

    Parameters
    ----------
    N_SAMPLES : int or None, optional
        How many digits; None for as many as there are.

    Returns
    -------
    X_features : list of ndarray of float, each of shape (28, 28, 1)
        Tones from 0, the paper, to 255.
    Y_label : list of int
        The digits, 0 to 9.

    Raises
    ------
    ValueError, FileNotFoundError
        As :func:`prepare_digits`.
    """
    X_features, Y_label = prepare_digits(N_SAMPLES)
    return [enlarged(x) for x in X_features], Y_label


def prepare_digits(N_SAMPLES: int | None = None) -> tuple[list[np.ndarray], list[int]]:
    """Prepare N_SAMPLES handwritten digits, with their labels, in random order.

    Where ``data/`` in the working directory holds files of the MNIST database, such as
    ``train-images-idx3-ubyte.gz`` with ``train-labels-idx1-ubyte.gz``, the digits come from
    there, from all such pairs; else those of the package are taken. The order follows
    :func:`random.seed`.

    Parameters
    ----------
    N_SAMPLES : int or None, optional
        How many digits; None for as many as there are.

    Returns
    -------
    X_features : list of ndarray of uint8, each of shape (h, w, 1)
        Tones from 0, the paper; 8 x 8 pixels up to 16 from the package, 28 x 28 up to 255 from
        MNIST.
    Y_label : list of int
        The digits, 0 to 9.

    Raises
    ------
    ValueError
        Where a file in ``data/`` is not what its name says: the message names it; or there are
        fewer digits than asked for.
    FileNotFoundError
        Where there are images without labels, or labels without images.
    """
    if N_SAMPLES is not None:
        positive_integer('prepare_digits', 'N_SAMPLES', N_SAMPLES)
    images, labels = _read_data() if _names() else _read_packaged()
    if N_SAMPLES is not None and N_SAMPLES > len(images):
        raise ValueError(f'prepare_digits expects N_SAMPLES up to {len(images)}, the digits '
                         f'there are, got {N_SAMPLES}: give None for all')
    rows = random.sample(range(len(images)), k=len(images) if N_SAMPLES is None else N_SAMPLES)
    return [images[row][:, :, np.newaxis] for row in rows], labels[rows].tolist()


def enlarged(image):
    """A digit of the package, 8 x 8 tones up to 16, as one of MNIST, floats; those as they are."""
    if image.shape != PACKAGED_SHAPE:
        return image.astype(float)
    return zoom(image.astype(float) * (255 / 16), (28 / 8, 28 / 8, 1), order=1)


def download_mnist():
    """Say where digits come from. Nothing is downloaded: the package has some, and yours may be put
    into ``data/``."""
    if not _names():
        print(f'The digits are those of the package. To work on MNIST, put its files into {DATA}/, '
              f'such as train{IMAGES} with train{LABELS}')


def read_idx(path):
    """An array of unsigned bytes in the IDX format of the MNIST database, compressed with gzip.

    The format: two zero bytes, 8 for unsigned bytes, the number of axes; then the length of each
    axis in four bytes, the most significant first; then the values.

    Raises
    ------
    ValueError
        Where the file is not that, or ends early or late; the message names it.
    """
    try:
        with gzip.open(path) as file:
            magic = file.read(4)
            if len(magic) < 4 or magic[:3] != b'\0\0\x08' or magic[3] == 0:
                raise ValueError(f'a file that begins with 0 0 8, got {list(magic)}')
            axes = magic[3]
            header = file.read(4 * axes)
            if len(header) < 4 * axes:
                raise ValueError(f'the lengths of {axes} axes, got an end')
            shape = struct.unpack(f'>{axes}I', header)
            size = int(np.prod(shape, dtype=object))
            if size > 2**30:
                raise ValueError(f'no more than 1 GB, got the shape {shape}')
            values = file.read(size + 1)
            if len(values) != size:
                raise ValueError(f'{size} values for the shape {shape}, got '
                                 f'{"more" if len(values) > size else len(values)}')
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise ValueError(f'{path} should be compressed with gzip, and complete: {error}') from None
    except ValueError as error:
        raise ValueError(f'{path} should hold bytes in the IDX format: expected {error}') from None
    return np.frombuffer(values, np.uint8).reshape(shape)


def _names():
    """What the pairs of files in data/ are called before their endings, sorted."""
    return sorted({path.name.removesuffix(end) for end in (IMAGES, LABELS)
                   for path in DATA.glob(f'*{end}')})


def _read_data():
    """Images (n, h, w) and labels (n,) of all pairs of files in data/."""
    images, labels = [], []
    for name in _names():
        for end in (IMAGES, LABELS):
            if not (DATA / f'{name}{end}').is_file():
                raise FileNotFoundError(f'{DATA} expects images and labels, got no {name}{end}')
        images.append(read_idx(DATA / f'{name}{IMAGES}'))
        labels.append(read_idx(DATA / f'{name}{LABELS}'))
        if images[-1].ndim != 3 or 0 in images[-1].shape:
            raise ValueError(f'{DATA / name}{IMAGES} should hold images, has the shape '
                             f'{images[-1].shape}')
        if images[-1].shape[1:] != images[0].shape[1:]:
            raise ValueError(f'{DATA / name}{IMAGES} should hold images of the size of the others, '
                             f'{images[0].shape[1:]}, has the shape {images[-1].shape}')
        if labels[-1].shape != images[-1].shape[:1]:
            raise ValueError(f'{DATA / name}{LABELS} should hold a label for each of '
                             f'{len(images[-1])} images, has the shape {labels[-1].shape}')
        if labels[-1].max() > 9:
            raise ValueError(f'{DATA / name}{LABELS} should hold digits, has {labels[-1].max()}')
    return np.concatenate(images), np.concatenate(labels)


def _read_packaged():
    """Images (1797, 8, 8) and labels (1797,) of the package."""
    with np.load(PACKAGED, allow_pickle=False) as archive:
        return archive['images'], archive['labels']
