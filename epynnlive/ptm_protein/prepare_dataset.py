"""Which peptides are modified? Sequences that are drawn from a motif, or yours in ``data/``.

A protein kinase puts a phosphate on some serines (S) and threonines (T) of a protein, and finds
them by their neighbours. What is drawn here is **synthetic**: no protein has been measured. The
residues have the frequencies that they have in Swiss-Prot; around a modified site those of the
motif are more or less frequent, each position for itself. The motif is made up, in the manner of
kinases that look for a basic residue before the site, a proline after it and acids behind.
"""
import math
import random
from pathlib import Path

from epynn.commons.checks import positive_integer

DATA = Path('data')                     # in the working directory: yours to fill
FILES = '21_positive.dat', '21_negative.dat'            # labels 0 and 1
LENGTH, SITE = 21, 10                   # residues of a peptide; where S or T is
ENDS = 1 / 20                           # share of sites near an end of their protein

# Composition of Swiss-Prot [%], as tabulated in https://prosite.expasy.org/doc/PS50324
BACKGROUND = {
    'A': 7.55, 'C': 1.69, 'D': 5.30, 'E': 6.32, 'F': 4.07, 'G': 6.84, 'H': 2.24, 'I': 5.72,
    'K': 5.93, 'L': 9.33, 'M': 2.35, 'N': 4.52, 'P': 4.92, 'Q': 4.02, 'R': 5.15, 'S': 7.22,
    'T': 5.74, 'V': 6.52, 'W': 1.25, 'Y': 3.19,
}
# Position relative to the site: residues, and how many times as frequent they are
MOTIF = {-5: ('RK', 2), -3: ('RK', 6), -2: ('RK', 3), -1: ('C', 0.3),
         1: ('P', 15), 2: ('DE', 2), 3: ('DE', 4), 4: ('DE', 2)}


def prepare_dataset(N_SAMPLES: int | None = 100) -> tuple[list[list[str]], list[int]]:
    """Prepare N_SAMPLES lists of 21 residues around a serine or threonine, with labels.

    As EpyNN 1.2.13 prepared them: where a protein ends near the site there are ``_`` for what is
    not there. So it is in one of 20 synthetic peptides. The course takes the peptides whole, as
    text: :func:`prepare_peptides`, which says where they come from.

    Parameters
    ----------
    N_SAMPLES : int or None, optional
        How many peptides; None, with files only, for as many as there are.

    Returns
    -------
    X_features : list of lists of 21 str
        One-letter codes of the residues, or ``_``; the site is in the middle.
    Y_label : list of int
        0 where the site is modified, 1 where it is not.

    Raises
    ------
    ValueError, FileNotFoundError
        As :func:`prepare_peptides`.
    """
    X_features, Y_label = prepare_peptides(N_SAMPLES)
    if not any((DATA / name).exists() for name in FILES):
        X_features = [cut(x) if random.random() < ENDS else x for x in X_features]
    return [list(x) for x in X_features], Y_label


def prepare_peptides(N_SAMPLES: int | None = 1000) -> tuple[list[str], list[int]]:
    """Prepare N_SAMPLES peptides of 21 residues around a serine or threonine, with labels.

    Where ``data/`` in the working directory holds ``21_positive.dat`` and ``21_negative.dat``,
    with a sequence a line, the peptides are drawn from those, without replacement. Else they
    are synthetic, and a coin decides whether a peptide is modified. Both follow
    :func:`random.seed`.

    Parameters
    ----------
    N_SAMPLES : int or None, optional
        How many peptides; None, with files only, for as many as there are.

    Returns
    -------
    X_features : list of str, each of 21 letters
        One-letter codes of the residues; the site is in the middle.
    Y_label : list of int
        0 where the site is modified, 1 where it is not.

    Raises
    ------
    ValueError
        Where a line is not a peptide of 21 residues around S or T: the message names file and
        line; or there are fewer peptides than asked for.
    FileNotFoundError
        Where there is only one of the files.
    """
    if N_SAMPLES is not None:
        positive_integer('prepare_peptides', 'N_SAMPLES', N_SAMPLES)
    if any((DATA / name).exists() for name in FILES):
        samples = [(peptide, label) for label, name in enumerate(FILES)
                   for peptide in read_peptides(DATA / name)]
        if N_SAMPLES is not None and N_SAMPLES > len(samples):
            raise ValueError(f'prepare_peptides expects N_SAMPLES up to {len(samples)}, the '
                             f'peptides in {DATA}, got {N_SAMPLES}: give None for all')
        samples = random.sample(samples, k=len(samples) if N_SAMPLES is None else N_SAMPLES)
    elif N_SAMPLES is None:
        raise ValueError(f'prepare_peptides expects N_SAMPLES without files in {DATA}, got None: '
                         'there is no end of synthetic peptides')
    else:
        labels = random.choices([0, 1], k=N_SAMPLES)
        samples = [(draw_peptide(label), label) for label in labels]
    return [peptide for peptide, _ in samples], [label for _, label in samples]


def cut(peptide):
    """A peptide near an end of its protein, at random: ``_`` for the residues beyond."""
    missing = random.randint(1, SITE)
    if random.random() < 0.5:
        return '_' * missing + peptide[missing:]
    return peptide[:-missing] + '_' * missing


def download_sequences():
    """Say where peptides come from. Nothing is downloaded: they are synthetic, and yours may be put
    into ``data/``."""
    if not any((DATA / name).exists() for name in FILES):
        print(f'The peptides are synthetic. To work on measured ones, put {" and ".join(FILES)} '
              f'into {DATA}/, with one of 21 residues a line')


def frequencies(label):
    """Relative frequencies of the residues at each position: 21 dicts."""
    table = [dict(BACKGROUND) for _ in range(LENGTH)]
    table[SITE] = {residue: BACKGROUND[residue] for residue in 'ST'}
    if label == 0:
        for position, (residues, factor) in MOTIF.items():
            for residue in residues:
                table[SITE + position][residue] *= factor
    return [{residue: f / sum(column.values()) for residue, f in column.items()}
            for column in table]


def draw_peptide(label):
    """One synthetic peptide, modified where the label is 0, the positive class."""
    return ''.join(random.choices(list(column), column.values())[0]
                   for column in frequencies(label))


def log_odds(peptide):
    """How much likelier a peptide is where modified than where not, as a logarithm.

    Above 0, modified is the better guess, and no method that knows the peptide alone makes a
    better one: it uses the very frequencies that the synthetic peptides were drawn from.
    """
    return sum(math.log(modified[residue] / not_modified[residue]) for residue, modified,
               not_modified in zip(peptide, frequencies(0), frequencies(1), strict=True))


def read_peptides(path):
    """Peptides of a file, one a line, ``_`` beyond an end; empty lines are skipped."""
    peptides = []
    try:
        lines = path.read_text('ascii').splitlines()
    except UnicodeDecodeError:
        raise ValueError(f'{path} should hold one peptide a line, is not plain text') from None
    for number, line in enumerate(lines, start=1):
        peptide = line.strip().upper()
        if not peptide:
            continue
        if len(peptide) != LENGTH or not peptide.strip('_').isalpha() or peptide[SITE] not in 'ST':
            raise ValueError(f'{path}, line {number}: expected {LENGTH} letters with S or T in the '
                             f'middle, got {peptide[:40]!r}')
        peptides.append(peptide)
    if not peptides:
        raise ValueError(f'{path} should hold one peptide a line, is empty')
    return peptides
