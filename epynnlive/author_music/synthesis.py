"""What do two guitarists sound like? A string as a delay line, two pairs of hands, one studio.

A pluck sends a shape travelling along the string. It is turned back at both ends, loses a
little on the way, the high partials more than the low ones, and after one period is where it
was: a loop of one period's delay with a filter in it makes a string.

    y[t] = x[t] + rho * ((1 - S) * y[t - N] + S * y[t - N - 1])

x is the pluck, N the period in samples, S how fast high partials fade (1/2: the average of two
neighbours, as in the first paper) and rho how long the rest rings. All that is left of the
guitarist is in x and in these numbers, in the knock of the pick and in the rhythm, and that is
what `Hand` holds.

Both play to a click, so that every full second is on a beat, and both are recorded alike: a
compressor, some hiss, a loudspeaker, and a limiter driven so hard that every level is used equally
often. The limiter is what lets networks learn. Without it most steps are at the one level where the
string rests: all clips then look much the same to a network, an update that helps one of them moves
the answers to all, and whether a run learns is decided by the sixteenth digit.

Sources: K. Karplus, A. Strong, "Digital synthesis of plucked-string and drum timbres", Computer
Music Journal 7(2), 1983; D. A. Jaffe, J. O. Smith, "Extensions of the Karplus-Strong
plucked-string algorithm", same issue (position of the pick, loss, tuning).
"""
from dataclasses import dataclass

import numpy as np
from scipy.signal import butter, filtfilt, lfilter, resample_poly, sosfilt

RATE = 44_100                   # of the recordings [Hz]
STRING_RATE = RATE // 2         # of the string [Hz]: hardly anything of a guitar is above 11 kHz
LOW_E = 82.41                   # the lowest string, tuned to A = 440 Hz [Hz]
PENTATONIC = (0, 3, 5, 7, 10, 12, 15, 17, 19, 22, 24)       # the notes both play [semitones]


@dataclass(frozen=True)
class Hand:
    """How somebody plays: what the right hand and the left hand do to a string.

    pick: where the string is plucked, as a share of its length (0 at the bridge).
    softness: of the pick, 0 (hard) to 1 (the flesh of a thumb): a low-pass on the pluck.
    ring: seconds until a note left alone is 60 dB down.
    fading: S above, how much faster the high partials fade.
    hold: how much of its time a note is held before the palm comes down.
    damping: seconds in which the palm then takes a note to 1/e.
    tuning: of the A [Hz]. register: semitones above the low E.
    tempo: notes per minute, a multiple of 60.
    stroke: how loudly the pick knocks on the string, of the loudness of the note; positive where
    it strikes downwards, negative where it strikes upwards.
    dynamics: spread of the loudness of notes, in nepers.
    """
    pick: float
    softness: float
    ring: float
    fading: float
    hold: float
    damping: float
    tuning: float
    register: int
    tempo: float
    stroke: float
    dynamics: float


# The true author plays three notes a second, higher up the neck, with a hard pick and down-strokes;
# the false one plays one, in an older tuning, with a softer pick and up-strokes.
HANDS = {
    'true': Hand(pick=0.177, softness=0.31, ring=6.1, fading=0.377, hold=0.5, damping=0.008,
                 tuning=440.0, register=10, tempo=180.0, stroke=8.0, dynamics=0.09),
    'false': Hand(pick=0.394, softness=0.66, ring=3.4, fading=0.5, hold=0.5, damping=0.03,
                  tuning=432.0, register=0, tempo=60.0, stroke=-8.0, dynamics=0.19),
}
KNOCK = 0.0016                  # how long the pick knocks [s]: half of it is before the beat
# Both are recorded alike
RATIO = 1.4                     # of the compressor, loudness in to loudness out, both in dB
FOLLOWS = 0.05                  # how long it takes to follow the loudness [s]
FLOOR = 0.05                    # of the mean loudness: what is softer is silence
HISS = 0.02                     # of the mean loudness
LOUDSPEAKER = 3_500             # of the amplifier: what is above hardly gets through [Hz]
SEED = 4
# Lengths of the recordings [s]: about 42% of all seconds are by the true author
LENGTHS = {
    'true': (11, 12, 9, 11, 10, 8, 10, 12, 9, 11, 8, 3, 12, 9, 11),
    'false': (12, 13, 10, 12, 11, 11, 11, 13, 10, 11, 10, 8, 10, 12, 11, 12, 13),
}


def names(author):
    """File names of the recordings of an author, 'true' or 'false'."""
    return [f'synthetic_{number:02d}.wav' for number in range(1, len(LENGTHS[author]) + 1)]


def recording(author, name):
    """One recording: the same samples for the same name, on any day and in any order.

    Parameters
    ----------
    author : {'true', 'false'}
        Whose hands play.
    name : str
        One of `names`.

    Returns
    -------
    samples : ndarray of int16, (RATE * seconds,)
        Half a second more than a whole number of seconds, at `RATE`.
    """
    number = names(author).index(name)
    rng = np.random.default_rng([SEED, list(HANDS).index(author), number])
    sound = perform(HANDS[author], LENGTHS[author][number] + 0.5, rng)
    sound = resample_poly(limit(compress(sound), rng), RATE, STRING_RATE)
    # The level says nothing of the author: both turn the same knob, evenly over its range
    level = (0.5 + 0.45 * (0.618 * number % 1)) * np.iinfo(np.int16).max
    return np.rint(sound / np.abs(sound).max() * level).astype(np.int16)


def perform(hand, seconds, rng):
    """A walk through the scale, one note a click, at STRING_RATE: (samples,)."""
    lead = round(KNOCK / 2 * STRING_RATE)
    sound = np.zeros(lead + round(seconds * STRING_RATE))
    note = 60 / hand.tempo                                                  # [s]
    place = rng.integers(len(PENTATONIC))
    for onset in np.arange(0, seconds, note):
        place = np.clip(place + rng.integers(-2, 3), 0, len(PENTATONIC) - 1)
        frequency = hand.tuning / 440 * LOW_E * 2**((hand.register + PENTATONIC[place]) / 12)
        loudness = np.exp(hand.dynamics * rng.standard_normal())
        tone = loudness * play(hand, frequency, note, rng)
        start = round(onset * STRING_RATE)
        tone = tone[:len(sound) - start]
        sound[start:start + len(tone)] += tone
    return sound[lead:]


def compress(sound):
    """The same, with less between loud and soft: a compressor, (samples,)."""
    keep = np.exp(-1 / (FOLLOWS * STRING_RATE))
    # There and back again: the gain comes neither too early nor too late
    power = filtfilt([1 - keep], [1, -keep], sound**2) / np.mean(sound**2)
    return sound * (np.sqrt(np.maximum(power, 0)) + FLOOR) ** (1 / RATIO - 1)


def limit(sound, rng):
    """As recorded: from -1 to 1, every level in between equally often, (samples,)."""
    sound = sound / np.sqrt(np.mean(sound**2)) + HISS * rng.standard_normal(len(sound))
    sound = sosfilt(butter(4, LOUDSPEAKER, fs=STRING_RATE, output='sos'), sound)
    rank = np.argsort(np.argsort(sound))
    return 2 * rank / (len(sound) - 1) - 1


def play(hand, frequency, note, rng):
    """One note, plucked with a knock, held for its time and damped with the palm: (samples,)."""
    held = hand.hold * note
    tone = pluck(frequency, held + 5 * hand.damping, hand, rng)
    tone[:round(KNOCK * STRING_RATE)] += hand.stroke
    time = np.arange(len(tone)) / STRING_RATE
    return tone * np.exp(-np.maximum(time - held, 0) / hand.damping)


def pluck(frequency, seconds, hand, rng):
    """A string plucked once, at STRING_RATE.

    Parameters
    ----------
    frequency : float
        Of the fundamental [Hz].
    seconds : float
        How long to listen [s].
    hand : Hand
        Its pick, softness, ring and fading.
    rng : numpy.random.Generator
        No two plucks are the same: each starts from noise.

    Returns
    -------
    y : ndarray, (seconds * STRING_RATE,)
        Displacement, with a root mean square of one over the first three periods.
    """
    period = STRING_RATE / frequency                                # [samples]
    S = hand.fading
    rho = 10 ** (-3 / (frequency * hand.ring))                      # -60 dB after `ring` seconds

    # One period of noise, as soft as the pick, and no net push on the string
    x = np.zeros(round(seconds * STRING_RATE))
    burst = rng.uniform(-1, 1, min(round(period), len(x)))
    burst = lfilter([1 - hand.softness], [1, -hand.softness], burst)
    x[:len(burst)] = burst - burst.mean()
    # The wave towards the bridge and the one that comes back from it, upside down
    delay = max(1, round(hand.pick * period))
    x[delay:] -= x[:-delay].copy()

    # A period is no whole number of samples. The two neighbours take S of one, an allpass
    # (C + 1/z) / (1 + C/z) takes the fraction d that is left, or the string would be out of tune
    N = int(period - S - 0.1)
    d = period - S - N
    C = (1 - d) / (1 + d)
    loop = np.zeros(N + 3)
    loop[:2] = 1, C
    loop[N:] -= rho * np.convolve([1 - S, S], [C, 1])
    y = lfilter([1, C], loop, x)
    return y / np.sqrt(np.mean(y[:round(3 * period)] ** 2))
