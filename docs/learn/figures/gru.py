"""What is in a GRU, and which ways does a gradient take through it?

    PYTHONPATH=docs/figures python docs/learn/figures/gru.py
"""
from pathlib import Path

from diagram import DATA, GATE, GRADIENT, PARAMETER, STATE, badge, box, canvas, circle, wire
from style import INK, save

FOLDER = Path(__file__).resolve().parent
GREY = '#57606a'
TOP, MIDDLE, LOW, BAR = 4.3, 3.05, 1.75, 0.42           # heights: state, z, r and hh, input
R, RHP, HH, Z, MIX, SUM, OUT = 2.1, 3.55, 5.0, 6.45, 7.8, 8.9, 9.6
WIDE, HIGH = 0.62, 0.33                                 # half of a gate
RIM = 0.16                                              # of a circle


def text(ax, x, y, words, colour=INK, size=9.5, ha='center'):
    ax.text(x, y, words, color=colour, fontsize=size, ha=ha, va='center', zorder=6)


def parts(ax, gates, bar):
    """Gates, operations and the input's share, which stand where they stand both ways."""
    for (x, y, step, colour), (first, second) in zip(
            ((R, LOW, '(5s)', GATE), (HH, LOW, '(6s)', DATA), (Z, MIDDLE, '(4s)', GATE)),
            gates, strict=True):
        box(ax, x, y, '', colour, width=2 * WIDE, height=2 * HIGH)
        text(ax, x, y + 0.11, first, size=10)
        text(ax, x, y - 0.16, second, PARAMETER, 9.5)
        text(ax, x - WIDE, y + HIGH + 0.1, step, GREY, 8.5, 'left')
    for x, y in ((RHP, LOW), (MIX, TOP), (MIX, LOW)):
        circle(ax, x, y, '×')
    circle(ax, MIX, 2.4, '1−', radius=0.17, size=9)
    box(ax, 4.28, BAR, '', DATA, width=6.0, height=0.4)
    text(ax, 4.28, BAR, bar)
    text(ax, 1.18, BAR, '(2)', GREY, 8.5, 'right')


def forward():
    ax = canvas(10.5, 5.2)
    for points, colour in (
            ([(0.75, TOP), (MIX - RIM, TOP)], STATE),
            ([(R, TOP), (R, LOW + HIGH)], STATE),
            ([(RHP, TOP), (RHP, LOW + RIM)], STATE),
            ([(Z, TOP), (Z, MIDDLE + HIGH)], STATE),
            ([(MIX + RIM, TOP), (SUM - RIM, TOP)], STATE),
            ([(SUM + RIM, TOP), (10.1, TOP)], STATE),
            ([(OUT, TOP), (OUT, 4.9)], DATA),
            ([(R + WIDE, LOW), (RHP - RIM, LOW)], GATE),
            ([(RHP + RIM, LOW), (HH - WIDE, LOW)], DATA),
            ([(HH + WIDE, LOW), (MIX - RIM, LOW)], DATA),
            ([(Z + WIDE, MIDDLE), (MIX, MIDDLE), (MIX, TOP - RIM)], GATE),
            ([(MIX, MIDDLE), (MIX, 2.57)], GATE),
            ([(MIX, 2.23), (MIX, LOW + RIM)], GATE),
            ([(MIX + RIM, LOW), (SUM, LOW), (SUM, TOP - RIM)], DATA),
            ([(R, BAR + 0.2), (R, LOW - HIGH)], DATA),
            ([(HH, BAR + 0.2), (HH, LOW - HIGH)], DATA)):
        wire(ax, points, colour)
    wire(ax, [(Z, BAR + 0.2), (Z, MIDDLE - HIGH)], DATA, over=True)
    parts(ax, (('r = σ(r_)', 'Vr'), ('hh = f(hh_)', 'Vhh'), ('z = σ(z_)', 'Vz')),
          'X U + b of all three, for all steps at once')
    circle(ax, SUM, TOP, '+')
    for x in (R, RHP, Z, OUT):
        ax.plot(x, TOP, 'o', color=STATE, markersize=5, zorder=3)
    ax.plot(MIX, MIDDLE, 'o', color=GATE, markersize=5, zorder=3)

    text(ax, 0.66, TOP, 'hp', STATE, 12, 'right')
    text(ax, 10.18, TOP, 'h', STATE, 12, 'left')
    text(ax, OUT, 5.05, 'A')
    text(ax, SUM - 0.55, TOP + 0.17, 'z * hp', STATE)
    text(ax, SUM + 0.1, MIDDLE, '(1 − z) * hh', ha='left')
    text(ax, RHP + 0.46, LOW + 0.15, 'r * hp')
    text(ax, R + 0.97, LOW + 0.14, 'r', GATE, 10)
    text(ax, Z + 0.97, MIDDLE + 0.14, 'z', GATE, 10)
    text(ax, MIX - 0.45, LOW + 0.15, 'hh')
    text(ax, SUM, TOP + 0.31, '(7s)', GREY, 8.5)
    for x, name in ((R, 'xr'), (HH, 'xhh'), (Z, 'xz')):
        text(ax, x + 0.08, 1.0, name, ha='left')
    save(ax.figure, 'gru-cell', FOLDER)


def backward():
    ax = canvas(10.5, 5.2)
    for points in (
            [(10.1, TOP), (OUT + RIM, TOP)],
            [(OUT, 4.9), (OUT, TOP + RIM)],
            [(OUT - RIM, TOP), (MIX + RIM, TOP)],
            [(SUM, TOP), (SUM, LOW), (MIX + RIM, LOW)],
            [(MIX - RIM, TOP), (0.75, TOP)],
            [(MIX - RIM, LOW), (HH + WIDE, LOW)],
            [(HH - WIDE, LOW), (RHP + RIM, LOW)],
            [(RHP - RIM, LOW), (R + WIDE, LOW)],
            [(RHP, LOW + RIM), (RHP, TOP)],
            [(R, LOW + HIGH), (R, TOP)],
            [(MIX, TOP - RIM), (MIX, MIDDLE), (Z + WIDE, MIDDLE)],
            [(MIX, LOW + RIM), (MIX, 2.23)],
            [(MIX, 2.57), (MIX, MIDDLE)],
            [(Z, MIDDLE + HIGH), (Z, TOP)],
            [(R, LOW - HIGH), (R, BAR + 0.2)],
            [(HH, LOW - HIGH), (HH, BAR + 0.2)]):
        wire(ax, points, GRADIENT, width=1.7)
    wire(ax, [(Z, MIDDLE - HIGH), (Z, BAR + 0.2)], GRADIENT, width=1.7, over=True)
    parts(ax, (("dr * σ'(r_)", 'Vrᵀ'), ("dhh * f '(hh_)", 'Vhhᵀ'), ("dz * σ'(z_)", 'Vzᵀ')),
          'dX, and the gradients of U, V and b: for all steps at once')
    circle(ax, OUT, TOP, '+', GRADIENT)
    for x in (R, RHP, Z):
        ax.plot(x, TOP, 'o', color=GRADIENT, markersize=5, zorder=3)
    ax.plot([SUM, MIX], [TOP, MIDDLE], 'o', color=GRADIENT, markersize=5, zorder=3)
    for x, y, number in ((MIX - 0.45, TOP, '1'), (RHP, MIDDLE, '2'), (R, MIDDLE, '3'),
                         (Z, 3.8, '4')):
        badge(ax, x, y, number)

    text(ax, 0.66, TOP, 'dhp', GRADIENT, 12, 'right')
    text(ax, 10.18, TOP, 'dhn', GRADIENT, 12, 'left')
    text(ax, OUT, 5.05, 'dA', GRADIENT, 12)
    text(ax, (OUT + SUM) / 2, TOP + 0.15, 'dh', GRADIENT, 11)
    text(ax, OUT, TOP - 0.31, '(7s)', GREY, 8.5)
    text(ax, MIX - 0.45, TOP + 0.28, 'dh * z', GRADIENT)
    text(ax, RHP + 0.2, MIDDLE, 'drhp * r', GRADIENT, ha='left')
    text(ax, R + 0.2, MIDDLE, 'dr_ Vrᵀ', GRADIENT, ha='left')
    text(ax, Z + 0.2, 3.8, 'dz_ Vzᵀ', GRADIENT, ha='left')
    text(ax, Z + 0.97, MIDDLE + 0.16, 'dz', GRADIENT)
    text(ax, MIX + 0.1, 3.65, 'dh * hp', GRADIENT, ha='left')
    text(ax, MIX + 0.22, 2.4, '− dh * hh', GRADIENT, ha='left')
    text(ax, MIX - 0.44, LOW + 0.16, 'dhh', GRADIENT)
    text(ax, RHP + 0.46, LOW + 0.16, 'drhp', GRADIENT)
    text(ax, R + 0.97, LOW + 0.16, 'dr', GRADIENT)
    for x, name in ((R, 'dr_'), (HH, 'dhh_'), (Z, 'dz_')):
        text(ax, x + 0.08, 1.0, name, GRADIENT, ha='left')
    save(ax.figure, 'gru-backward', FOLDER)


if __name__ == '__main__':
    forward()
    backward()
