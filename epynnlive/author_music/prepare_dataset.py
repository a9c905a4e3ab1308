"""How do recordings of two guitarists become clips that a network can read?"""
import os
import random
import tempfile
import warnings
from collections.abc import Sequence
from math import gcd
from numbers import Integral
from pathlib import Path

import numpy as np
from scipy.io import wavfile
from scipy.signal import resample_poly

from epynn.embedding.dataset import split
from epynnlive.author_music import archive, synthesis

DATA = Path('data')                     # in the working directory: yours to look at and to fill
LABELS = {'true': 0, 'false': 1}        # the true author is the positive class
LEVELS = 16                             # 4 bits
# Sampling rates of recordings [Hz]. Lower, a small file would become a huge array of clips; higher,
# the filter that resamples it would be one
MIN_RATE, MAX_RATE = 1_000, 400_000
MAX_SECONDS = 4 * 3600
ASIDE = 5                               # every fifth recording of an author is not trained on

README = """\
The recordings named synthetic_*.wav in true/ and false/ were computed, not played: two imagined
guitarists on a model of a plucked string, playing to a click and recorded through a limiter
(epynnlive/author_music/synthesis.py). They may be deleted; download_music() makes the same ones
again. Every fifth one of each author is kept aside: networks are tried on it, not trained.

To work on real music, put your own .wav recordings into true/ (the author to recognize) and
false/ (anybody else). As soon as there are any, the synthetic ones are left aside.
"""


def download_music(url: str | None = None, sha256: str | None = None) -> None:
    """Put recordings of two guitarists into ``data/true`` and ``data/false``.

    Without arguments the recordings are **synthetic**: computed in a few seconds with the string
    model of :mod:`epynnlive.author_music.synthesis`, the same bytes every time, and nothing is
    downloaded. With a `url`, an archive of real recordings is. Where ``data/`` already holds
    recordings of yours, it is left as it is; where it holds some of the synthetic ones, the
    missing ones are added, and those of an earlier version of this example are replaced.

    Parameters
    ----------
    url : str, optional
        Address (https://, http:// or file://) of a .zip, .tar, .tar.gz, .tar.bz2 or .tar.xz with
        .wav files in the folders ``true/`` and ``false/``, which may stand inside one folder.
    sha256 : str, optional
        Checksum the archive must have. Without, the checksum it has is printed.

    Raises
    ------
    ValueError
        Where the checksum differs, or the archive is damaged, hostile, or holds no recordings of
        one of the authors. Nothing of it is kept then.
    OSError
        Where the download fails.
    """
    if url is None and sha256 is not None:
        raise ValueError('download_music expects a url together with sha256, got sha256 alone')
    if any(not _is_synthetic(path) for author in LABELS for path in _wav_files(author)):
        if url is not None:
            print(f'{DATA}/ holds recordings already: nothing downloaded. Move them away first.')
        return
    if url is None:
        _synthesize()
    else:
        _download(url, sha256)


def clips_music(wav_file: str | os.PathLike, TIME: float = 1,
                SAMPLING_RATE: int = 10000) -> list[np.ndarray]:
    """Cut a recording into clips of TIME seconds: 4-bit levels at SAMPLING_RATE steps a second.

    All channels are averaged, what lies above half the new rate is filtered out before
    resampling, and the lowest and highest sample *of the file* become 0 and 1, in 16 levels.

    Parameters
    ----------
    wav_file : str or path
        A WAV file: PCM of 8, 16, 24 or 32 bits or floating point of 32 or 64, any number of
        channels, any sampling rate from 1 to 400 kHz, up to four hours.
    TIME : float, optional
        Length of a clip [s].
    SAMPLING_RATE : int, optional
        Steps per second of the clips [Hz].

    Returns
    -------
    clips : list of ndarray of int, each of shape (TIME * SAMPLING_RATE,)
        Levels from 0 to 15. What is left over at the end of the file is dropped; a file shorter
        than TIME gives an empty list; one of constant value (silence) gives level 0 throughout.

    Raises
    ------
    ValueError
        Where the file is not a WAV file that can be read: the message names it.
    FileNotFoundError
        Where there is no such file.
    """
    if not (isinstance(SAMPLING_RATE, Integral) and SAMPLING_RATE > 0):
        raise ValueError(f'clips_music expects SAMPLING_RATE in whole Hz, got {SAMPLING_RATE!r}')
    if not 0 < TIME < float('inf') or round(TIME * SAMPLING_RATE) < 1:
        raise ValueError(f'clips_music expects TIME in seconds, at least one step, got {TIME!r}')
    rate, signal = _read_wav(wav_file)                                      # (samples,)
    signal = _resample(signal, rate, int(SAMPLING_RATE))

    low, high = signal.min(initial=np.inf), signal.max(initial=-np.inf)
    if low < high:
        signal = (signal - low) / (high - low)                              # [0, 1]
    else:
        signal = np.zeros_like(signal)                                      # silence stays silence
    # Cut off, not rounded: a recording rests near 0.5, the middle of level 7 and no edge of it
    levels = (signal * (LEVELS - 1)).astype(int)

    steps = round(TIME * SAMPLING_RATE)
    clips = len(levels) // steps
    return list(levels[:clips * steps].reshape(clips, steps))


def prepare_dataset(N_SAMPLES: int | None = 100, by_recording: bool = False,
                    relative_size: Sequence[float] = (2, 1, 0), held_out: bool = False
                    ) -> tuple[list[np.ndarray], list[int]]:
    """Prepare N_SAMPLES clips of one second from the recordings in ``data/``, with their labels.

    Every fifth recording of each author, in the order of the file names, is **kept aside**: its
    clips come only with `held_out`, and all other calls draw from the rest. So two calls without
    `held_out` share clips, and a network predicts on music it has never heard only with it. A
    line says which recordings the clips come from. With fewer than five recordings of either
    author nothing is kept aside.

    By default all clips are shuffled together, so that clips of one recording may come to lie on
    both sides of a split: a network can then do well by knowing the *recording*. With
    `by_recording`, **no recording is on both sides of the split that**
    ``Embedding(relative_size=...)`` **makes**, and each side has, as nearly as whole recordings
    allow, the same share of each author; within a side, the clips of one recording follow each
    other. To that end recordings are dealt to the sides first, and clips at the ends of
    recordings are left out until the sizes fit.

    The shuffle follows :func:`random.seed`; which recordings are kept aside does not.

    Parameters
    ----------
    N_SAMPLES : int or None, optional
        How many clips; None for as many as there are.
    by_recording : bool, optional
        Keep the clips of one recording together, on one side of the split.
    relative_size : sequence of three numbers, optional
        What `Embedding` will be given; looked at only with `by_recording`.
    held_out : bool, optional
        Draw from the recordings kept aside, instead of from those to train on.

    Returns
    -------
    X_features : list of ndarray of int, each of shape (10000,)
        Clips of one second at 10,000 Hz, levels from 0 to 15.
    Y_label : list of int
        0 for the true author, 1 for the false one.

    Raises
    ------
    FileNotFoundError
        Where ``data/true`` or ``data/false`` holds no recordings: call `download_music` first.
    ValueError
        Where a recording cannot be read, there are fewer clips than asked for, or too few
        recordings for `held_out`.
    """
    if N_SAMPLES is not None and not (isinstance(N_SAMPLES, Integral) and N_SAMPLES > 0):
        raise ValueError('prepare_dataset expects N_SAMPLES to be a positive integer or None, '
                         f'got {N_SAMPLES!r}')
    paths, others = _pool(held_out)
    recordings = [(clips_music(path), LABELS[path.parent.name]) for path in paths]
    total = sum(len(clips) for clips, _ in recordings)
    for author, label in LABELS.items():
        if not any(clips for clips, of in recordings if of == label):
            raise ValueError(f'{DATA / author} expects recordings of one second or more, '
                             'got only shorter ones')
    if N_SAMPLES is not None and N_SAMPLES > total:
        raise ValueError(f'prepare_dataset expects N_SAMPLES up to {total}, the clips of one '
                         f'second {_whence(len(paths), held_out)}, got {N_SAMPLES}: add '
                         f'recordings to {DATA}/, or give None for all')
    if by_recording:
        samples = _by_recording(recordings, N_SAMPLES, relative_size)
    else:
        samples = [(clip, label) for clips, label in recordings for clip in clips]
        random.shuffle(samples)
        samples = samples[:N_SAMPLES]
    if others:
        more = '' if held_out else f'; {others} others are kept aside (held_out=True)'
        print(f'{len(samples)} clips {_whence(len(paths), held_out)}{more}')
    return [clip for clip, _ in samples], [label for _, label in samples]


# Reading and resampling

def _read_wav(wav_file):
    """Sampling rate [Hz], and the average of all channels, (samples,)."""
    try:
        with warnings.catch_warnings():
            # Chunks of other programs are none of our business; a file that ends early is
            warnings.simplefilter('ignore', wavfile.WavFileWarning)
            warnings.filterwarnings('error', 'Reached EOF', wavfile.WavFileWarning)
            _check_lengths(wav_file)
            rate, signal = wavfile.read(wav_file)
        if not MIN_RATE <= rate <= MAX_RATE:
            raise ValueError(f'a sampling rate of {rate:,} Hz, expected one from {MIN_RATE:,} to '
                             f'{MAX_RATE:,} Hz')
        if len(signal) > MAX_SECONDS * rate:
            raise ValueError(f'{len(signal) / rate / 3600:.0f} hours, cut it into shorter ones')
        if signal.ndim == 2:                                        # (samples, channels)
            signal = signal.mean(axis=1, dtype=np.longdouble)
        signal = signal.astype(float)
        if not np.isfinite(signal).all():
            raise ValueError('samples that are not numbers')
    except OSError as error:
        if error.errno is not None:                                 # it names the file itself
            raise
        raise ValueError(f'{wav_file} cannot be read as a WAV file: {error}') from error
    except Exception as error:          # a header made up by someone can raise nearly anything
        raise ValueError(f'{wav_file} cannot be read as a WAV file: {error}') from error
    return rate, signal


def _check_lengths(wav_file):
    """A chunk of samples that is longer than the file: an error, which the reader would not see."""
    with open(wav_file, 'rb') as file:
        end = file.seek(0, os.SEEK_END)
        file.seek(0)
        order = {b'RIFF': 'little', b'RIFX': 'big'}.get(file.read(4))
        file.seek(12)
        while order and len(header := file.read(8)) == 8:
            size = int.from_bytes(header[4:], order)
            if header[:4] == b'data' and file.tell() + size > end:
                raise ValueError(f'it says {size} bytes of samples, and has {end - file.tell()}')
            file.seek(size + size % 2, os.SEEK_CUR)


def _resample(signal, rate, new_rate):
    """The signal at another sampling rate, low-passed below half of the lower rate."""
    length = len(signal) * new_rate // rate
    if not length or signal.min() == signal.max():
        return np.zeros(length)
    # About zero and of size one: the filter rings at the ends of a signal that is offset, and
    # the largest floating-point samples would overflow in it
    signal = signal / np.abs(signal).max()
    signal = signal - signal.mean()
    common = gcd(new_rate, rate)
    return resample_poly(signal, new_rate // common, rate // common)[:length]


# Which recordings, and in which order

def _wav_files(author):
    """The .wav files of an author, in the order of their names; hidden files are none."""
    folder = DATA / author
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir()
                  if path.suffix.lower() == '.wav' and not path.name.startswith('.'))


def _is_synthetic(path):
    return path.name in synthesis.names(path.parent.name)


def _recordings(author):
    """The real recordings, where there are any by either author; otherwise the synthetic ones."""
    real = any(not _is_synthetic(path) for a in LABELS for path in _wav_files(a))
    paths = [path for path in _wav_files(author) if not (real and _is_synthetic(path))]
    if not paths:
        kind = 'real recordings (.wav)' if real else 'recordings (.wav)'
        raise FileNotFoundError(f'{DATA / author} holds no {kind}: put some there, or call '
                                'download_music() in the same working directory first')
    return paths


def _pool(held_out):
    """The recordings to draw from, and how many others there are."""
    by_author = {author: _recordings(author) for author in LABELS}
    fewest = min(map(len, by_author.values()))
    if held_out and fewest < ASIDE:
        raise ValueError(f'prepare_dataset expects {ASIDE} recordings or more of each author with '
                         f'held_out=True, to keep every fifth aside, got {fewest}: cut long '
                         'recordings where one piece of music ends, or add more')
    pools = {True: [], False: []}
    for paths in by_author.values():
        for number, path in enumerate(paths, start=1):
            pools[fewest >= ASIDE and number % ASIDE == 0].append(path)
    return pools[held_out], len(pools[not held_out])


def _whence(count, held_out):
    return f'of the {count} recordings ' + ('kept aside' if held_out else 'to train on')


def _by_recording(recordings, n, relative_size):
    """[(clip, label)] of whole recordings dealt to the sets of a split, n in all."""
    random.shuffle(recordings)
    most = sum(len(clips) for clips, _ in recordings)
    # Few sizes fit exactly: without a wish, the largest that does
    for size in range(most, 1, -1) if n is None else (n,):
        sets = _deal(recordings, size, relative_size)
        if sets:
            return [sample for dset in sets for sample in dset]
    raise ValueError(
        f'prepare_dataset expects N_SAMPLES that {len(recordings)} recordings can fill with '
        f'by_recording=True and relative_size={tuple(relative_size)}, got {n}: ask for fewer, or '
        'give None for as many as go, and more than one recording of each author')


def _deal(recordings, n, relative_size):
    """Sets of [(clip, label)] of the sizes Embedding will cut; None where the recordings cannot."""
    sizes = split(n, relative_size)
    total = sum(len(clips) for clips, _ in recordings)
    sets = [[] for _ in sizes]
    true = sum(len(clips) for clips, label in recordings if label == 0)
    for label, share in ((0, true / total), (1, None)):
        if label == 0:
            needs = [round(size * share) for size in sizes]
            true_needs = needs
        else:
            needs = [size - need for size, need in zip(sizes, true_needs, strict=True)]
        mine = [clips for clips, of in recordings if of == label]
        dealt = [[] for _ in sizes]
        for clips in sorted(mine, key=len, reverse=True):       # the long ones first fit best
            missing = [need - sum(map(len, d)) for need, d in zip(needs, dealt, strict=True)]
            dealt[missing.index(max(missing))].append(clips)
        for dset, need, hand in zip(sets, needs, dealt, strict=True):
            if sum(map(len, hand)) < need:
                return None
            dset += [(clips, label) for clips in _trim(hand, need)]
    for dset in sets:
        random.shuffle(dset)
    return [[(clip, label) for clips, label in dset for clip in clips] for dset in sets]


def _trim(recordings, n):
    """The first clips of each recording, n in all, about as many of each."""
    takes = [0] * len(recordings)
    while sum(takes) < n:
        for i, clips in enumerate(recordings):
            if takes[i] < len(clips) and sum(takes) < n:
                takes[i] += 1
    return [clips[:take] for clips, take in zip(recordings, takes, strict=True)]


# Writing

def _synthesize():
    """Write the synthetic recordings that are missing, each complete or not at all."""
    note = DATA / 'README.txt'
    if note.exists() and note.read_bytes() != README.encode():      # of an earlier corpus
        for path in (path for author in LABELS for path in _wav_files(author)):
            if _is_synthetic(path):
                path.unlink()
        note.unlink()
    missing = [DATA / author / name for author in LABELS for name in synthesis.names(author)
               if not (DATA / author / name).exists()]
    for path in missing:
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(path, lambda file, path=path: wavfile.write(
            file, synthesis.RATE, synthesis.recording(path.parent.name, path.name)))
    if missing:
        _write(note, lambda file: file.write(README.encode()))
        print(f'{len(missing)} synthetic recordings in {DATA}/ (computed, not played: see '
              f'{DATA / "README.txt"})')


def _write(path, write):
    """Write a file under another name first: an interruption leaves no half of it."""
    handle, temporary = tempfile.mkstemp(prefix='.', suffix='.part', dir=path.parent)
    try:
        with open(handle, 'wb') as file:
            write(file)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def _download(url, sha256):
    """Move the recordings of an archive into data/: all of them or none."""
    made = [folder for folder in (DATA, *(DATA / author for author in LABELS))
            if not folder.exists()]
    moved = []
    try:
        DATA.mkdir(exist_ok=True)
        # Inside data/, so that moving into place is a mere change of name
        with tempfile.TemporaryDirectory(prefix='.download_', dir=DATA) as stage:
            stage = Path(stage)
            archive.fetch(url, stage / 'archive', sha256)
            archive.unpack(stage / 'archive', stage, url)
            for author in LABELS:
                (DATA / author).mkdir(exist_ok=True)
                for path in (stage / author).iterdir():
                    moved.append(DATA / author / path.name)
                    os.replace(path, moved[-1])
    except BaseException:
        for path in moved:
            path.unlink(missing_ok=True)
        for folder in reversed(made):
            if folder.exists() and not any(folder.iterdir()):
                folder.rmdir()
        raise
