"""What is in an LSTM, and how does a gradient run along its memory?

    PYTHONPATH=docs/figures python docs/learn/figures/lstm.py
"""
from pathlib import Path

from diagram import DATA, GATE, GRADIENT, PARAMETER, STATE, box, canvas, circle, wire
from style import INK, save

FOLDER = Path(__file__).resolve().parent
GREY = '#57606a'
TOP, MIDDLE, LOW, BUS, BAR = 4.95, 3.4, 2.1, 1.3, 0.42      # memory, products, gates, hp, input
F, I, G, O, OUT, LAST = 1.9, 3.6, 5.6, 7.3, 8.8, 9.65       # noqa: E741, the letters of the gates
IN = (I + G) / 2                                            # where i * g comes in
WIDE, HIGH, RIM, SIDE = 0.6, 0.33, 0.16, 0.28
NAMES = 'f', 'i', 'g', 'o'


def text(ax, x, y, words, colour=INK, size=9.5, ha='center'):
    ax.text(x, y, words, color=colour, fontsize=size, ha=ha, va='center', zorder=6)


def parts(ax, gates, memory, bar):
    """Gates, operations and the input's share, which stand where they stand both ways."""
    for x, step, (first, second) in zip((F, I, G, O), ('4s', '5s', '6s', '7s'), gates,
                                        strict=True):
        box(ax, x, LOW, '', DATA if x == G else GATE, width=2 * WIDE, height=2 * HIGH)
        text(ax, x, LOW + 0.11, first, size=10)
        text(ax, x, LOW - 0.16, second, PARAMETER)
        text(ax, x - WIDE, LOW + HIGH + 0.1, f'({step})', GREY, 8.5, 'left')
    for x, y in ((F, TOP), (IN, MIDDLE), (OUT, MIDDLE)):
        circle(ax, x, y, '×')
    box(ax, OUT, 4.2, memory, DATA, width=1.15, height=0.4, size=9.5)
    box(ax, 4.75, BAR, '', DATA, width=6.6, height=0.4)
    text(ax, 4.75, BAR, bar)
    text(ax, 1.35, BAR, '(2)', GREY, 8.5, 'right')


def forward():
    ax = canvas(10.9, 5.9)
    wire(ax, [(0.8, TOP), (F - RIM, TOP)], STATE, width=2.4)
    wire(ax, [(F + RIM, TOP), (IN - RIM, TOP)], STATE, width=2.4)
    wire(ax, [(IN + RIM, TOP), (10.2, TOP)], STATE, width=2.4)
    wire(ax, [(0.8, BUS), (O - SIDE, BUS), (O - SIDE, LOW - HIGH)], STATE)
    for x in (F, I, G):
        wire(ax, [(x - SIDE, BUS), (x - SIDE, LOW - HIGH)], STATE)
        ax.plot(x - SIDE, BUS, 'o', color=STATE, markersize=5, zorder=3)
    for x, name in zip((F, I, G, O), NAMES, strict=True):
        wire(ax, [(x + SIDE, BAR + 0.2), (x + SIDE, LOW - HIGH)], DATA, over=True)
        text(ax, x + SIDE + 0.07, 0.9, f'x{name}', ha='left')
    for points, colour in (
            ([(F, LOW + HIGH), (F, TOP - RIM)], GATE),
            ([(I, LOW + HIGH), (I, MIDDLE), (IN - RIM, MIDDLE)], GATE),
            ([(G, LOW + HIGH), (G, MIDDLE), (IN + RIM, MIDDLE)], DATA),
            ([(IN, MIDDLE + RIM), (IN, TOP - RIM)], DATA),
            ([(O, LOW + HIGH), (O, MIDDLE), (OUT - RIM, MIDDLE)], GATE),
            ([(OUT, TOP), (OUT, 4.4)], STATE),
            ([(OUT, 4.0), (OUT, MIDDLE + RIM)], DATA),
            ([(OUT + RIM, MIDDLE), (10.2, MIDDLE)], STATE)):
        wire(ax, points, colour)
    wire(ax, [(LAST, MIDDLE), (LAST, 5.55)], DATA, over=True)
    parts(ax, [(f'{n} = {"tanh" if n == "g" else "σ"}({n}_)', f'V{n}') for n in NAMES],
          'C = tanh(C_)', 'X U + b of all four, for all steps at once')
    circle(ax, IN, TOP, '+')
    for x, y in ((OUT, TOP), (LAST, MIDDLE)):
        ax.plot(x, y, 'o', color=STATE, markersize=5, zorder=3)

    text(ax, 0.72, TOP, 'Cp_', STATE, 12, 'right')
    text(ax, 10.28, TOP, 'C_', STATE, 12, 'left')
    text(ax, 0.72, BUS, 'hp', STATE, 12, 'right')
    text(ax, 10.28, MIDDLE, 'h', STATE, 12, 'left')
    text(ax, LAST, 5.7, 'A')
    text(ax, (F + IN) / 2, TOP + 0.17, 'f * Cp_', STATE)
    text(ax, IN + 0.1, 4.2, 'i * g', ha='left')
    text(ax, F + 0.1, MIDDLE, 'f', GATE, 10, 'left')
    text(ax, (I + IN) / 2 - 0.05, MIDDLE + 0.15, 'i', GATE, 10)
    text(ax, (G + IN) / 2 + 0.05, MIDDLE + 0.15, 'g')
    text(ax, (O + OUT) / 2 - 0.05, MIDDLE + 0.15, 'o', GATE, 10)
    text(ax, OUT + 0.1, 3.74, 'C', ha='left')
    text(ax, IN, TOP + 0.31, '(8s)', GREY, 8.5)
    text(ax, OUT, MIDDLE - 0.31, '(9s)', GREY, 8.5)
    save(ax.figure, 'lstm-cell', FOLDER)


def backward():
    ax = canvas(10.9, 5.9)
    for points in ([(10.2, TOP), (OUT + RIM, TOP)], [(OUT - RIM, TOP), (F + RIM, TOP)],
                   [(F - RIM, TOP), (0.8, TOP)]):
        wire(ax, points, GRADIENT, width=3.2)
    wire(ax, [(O - SIDE, LOW - HIGH), (O - SIDE, BUS), (0.8, BUS)], GRADIENT, width=1.7)
    for x in (F, I, G):
        wire(ax, [(x - SIDE, LOW - HIGH), (x - SIDE, BUS)], GRADIENT, width=1.7)
        ax.plot(x - SIDE, BUS, 'o', color=GRADIENT, markersize=5, zorder=3)
    for x, name in zip((F, I, G, O), NAMES, strict=True):
        wire(ax, [(x + SIDE, LOW - HIGH), (x + SIDE, BAR + 0.2)], GRADIENT, width=1.7, over=True)
        text(ax, x + SIDE + 0.07, 0.9, f'd{name}_', GRADIENT, ha='left')
    for points in (
            [(F, TOP - RIM), (F, LOW + HIGH)],
            [(IN - RIM, MIDDLE), (I, MIDDLE), (I, LOW + HIGH)],
            [(IN + RIM, MIDDLE), (G, MIDDLE), (G, LOW + HIGH)],
            [(IN, TOP), (IN, MIDDLE + RIM)],
            [(OUT - RIM, MIDDLE), (O, MIDDLE), (O, LOW + HIGH)],
            [(OUT, 4.4), (OUT, TOP - RIM)],
            [(OUT, MIDDLE + RIM), (OUT, 4.0)],
            [(10.2, MIDDLE), (LAST + RIM, MIDDLE)],
            [(LAST - RIM, MIDDLE), (OUT + RIM, MIDDLE)]):
        wire(ax, points, GRADIENT, width=1.7)
    wire(ax, [(LAST, 5.55), (LAST, MIDDLE + RIM)], GRADIENT, width=1.7, over=True)
    parts(ax, [(f"d{n} * {'tanh' if n == 'g' else 'σ'}'({n}_)", f'V{n}ᵀ') for n in NAMES],
          "dC * tanh'(C_)", 'dX, and the gradients of U, V and b: for all steps at once')
    circle(ax, OUT, TOP, '+', GRADIENT)
    circle(ax, LAST, MIDDLE, '+', GRADIENT)
    ax.plot(IN, TOP, 'o', color=GRADIENT, markersize=6, zorder=3)

    text(ax, 0.72, TOP, 'dCp_', GRADIENT, 12, 'right')
    text(ax, 10.28, TOP, 'dCn', GRADIENT, 12, 'left')
    text(ax, 0.72, BUS, 'dhp', GRADIENT, 12, 'right')
    text(ax, 10.28, MIDDLE, 'dhn', GRADIENT, 12, 'left')
    text(ax, LAST, 5.7, 'dA', GRADIENT, 12)
    text(ax, (F + IN) / 2, TOP + 0.18, 'dC_', GRADIENT, 11)
    text(ax, 1.25, TOP + 0.18, 'dC_ * f', GRADIENT)
    text(ax, F + 0.1, MIDDLE, 'df = dC_ * Cp_', GRADIENT, ha='left')
    text(ax, I - 0.1, MIDDLE + 0.17, 'di = dC_ * g', GRADIENT)
    text(ax, G + 0.1, MIDDLE + 0.17, 'dg = dC_ * i', GRADIENT)
    text(ax, O + 0.2, MIDDLE + 0.17, 'do = dh * C', GRADIENT)
    text(ax, OUT + 0.1, 3.74, 'dC', GRADIENT, ha='left')
    text(ax, (LAST + OUT) / 2, MIDDLE + 0.15, 'dh', GRADIENT, 11)
    text(ax, OUT, TOP + 0.31, '(8s)', GREY, 8.5)
    text(ax, LAST, MIDDLE - 0.31, '(9s)', GREY, 8.5)
    save(ax.figure, 'lstm-backward', FOLDER)


if __name__ == '__main__':
    forward()
    backward()
