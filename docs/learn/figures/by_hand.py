"""What does the network of the page look like, with its numbers, on the way there and back?

    python docs/learn/figures/by_hand.py
"""
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1] / 'figures'))
from diagram import DATA, GRADIENT, PARAMETER, arrow, box, canvas, circle  # noqa: E402
from style import save  # noqa: E402

# Where each number of the network stands, and what it is; then its gradient
NODES = {
    'x_1': ((0.44, 2.75), '1', '-0.55'), 'x_2': ((0.44, 0.95), '2', '0.2'),
    'z_1': ((2.6, 2.75), '2', '-0.2'), 'z_2': ((2.6, 0.95), '-2', '-0.15'),
    'h_1': ((3.87, 2.75), '2', '-0.2'), 'h_2': ((3.87, 0.95), '-0.6', '-0.5'),
    'z': ((5.5, 1.85), '0', '-0.25'), 'a': ((6.7, 1.85), '0.5', '-1'),
    'L': ((7.95, 1.85), '0.25', '1'),
}
WEIGHTS = (
    ('x_1', 'z_1', 'w_{11}', '2', '-0.2', 0.5), ('x_1', 'z_2', 'w_{12}', '1', '-0.15', 0.31),
    ('x_2', 'z_1', 'w_{21}', '0.5', '-0.4', 0.31), ('x_2', 'z_2', 'w_{22}', '-2', '-0.3', 0.5),
    ('h_1', 'z', 'v_1', '0.8', '-0.5', 0.5), ('h_2', 'z', 'v_2', '2', '0.15', 0.5),
)
BIASES = (('z_1', 1, 'b_1', '-1', '-0.2'), ('z_2', -1, 'b_2', '1', '-0.15'),
          ('z', 1, 'c', '-0.4', '-0.25'))
FUNCTIONS = (('z_1', 'h_1', 'leaky'), ('z_2', 'h_2', 'leaky'), ('z', 'a', r'$\sigma$'),
             ('a', 'L', r'$(a-1)^2$'))


def network(gradients):
    """The network with the values that went forward, and the gradients that came back."""
    ax = canvas(8.4, 3.75)
    half = 0.38

    def label(x, y, name, value, gradient):
        """A parameter on its edge."""
        paper = {'facecolor': 'white', 'edgecolor': 'none', 'pad': 1.2}
        up = 0.1 if gradients else 0
        ax.text(x, y + up, f'${name} = {value}$', ha='center', va='center', fontsize=10.5,
                color=PARAMETER, bbox=paper, zorder=4)
        if gradients:
            ax.text(x, y - 0.11, f'${gradient}$', ha='center', va='center', fontsize=10.5,
                    color=GRADIENT, bbox=paper, zorder=5)

    for start, end, name, value, gradient, at in WEIGHTS:
        (x0, y0), (x1, y1) = NODES[start][0], NODES[end][0]
        arrow(ax, (x0 + half, y0), (x1 - half, y1))
        label(x0 + half + at * (x1 - x0 - 2 * half), y0 + at * (y1 - y0), name, value, gradient)
    for end, side, name, value, gradient in BIASES:
        x, y = NODES[end][0]
        below = 0.22 if gradients and side < 0 else 0
        arrow(ax, (x, y + side * (0.62 + below)), (x, y + side * (0.26 + below)))
        label(x, y + side * (0.8 + below), name, value, gradient)
    for start, end, name in FUNCTIONS:
        (x0, y0), (x1, _) = NODES[start][0], NODES[end][0]
        arrow(ax, (x0 + half, y0), (x1 - half, y0))
        ax.text((x0 + x1) / 2, y0 + 0.13, name, ha='center', va='center', fontsize=9)
    for name, ((x, y), value, gradient) in NODES.items():
        box(ax, x, y, f'${name} = {value}$', DATA, width=2 * half, height=0.46, size=11)
        if gradients:
            ax.text(x, y - 0.37, f'${gradient}$', ha='center', va='center', fontsize=11,
                    color=GRADIENT)
    return ax.figure


def rules():
    """Four things that a gradient can meet on its way back."""
    ax = canvas(8.7, 2.2)
    titles = ('A sum passes it on.', 'A product swaps.', 'A function scales it.',
              'Where paths part, add.')
    for i, title in enumerate(titles):
        left = 0.05 + i * 2.22
        ax.text(left, 2.05, title, ha='left', va='center', fontsize=10.5, fontweight='bold')
        if i < 2:
            node, up, down = ((left + 1.15, 1.05), (left + 0.25, 1.65), (left + 0.25, 0.45))
            circle(ax, *node, '+' if i == 0 else '$\\times$', radius=0.19)
            for (x, y), name, gradient in ((up, '3', '0.5' if i == 0 else '0.5 × 4'),
                                           (down, '4', '0.5' if i == 0 else '0.5 × 3')):
                side = 1 if y > node[1] else -1
                arrow(ax, (x, y), (node[0] - 0.15, node[1] + side * 0.13))
                ax.text(x - 0.04, y, name, ha='right', va='center', fontsize=11)
                ax.text(x + 0.5, y + side * 0.06, gradient, ha='left', va='center', fontsize=10,
                        color=GRADIENT)
            arrow(ax, (node[0] + 0.2, 1.05), (left + 1.9, 1.05))
            ax.text(left + 1.95, 1.05, '7' if i == 0 else '12', ha='left', va='center',
                    fontsize=11)
            ax.text(left + 1.58, 0.86, '0.5', ha='center', va='center', fontsize=10,
                    color=GRADIENT)
        elif i == 2:
            arrow(ax, (left + 0.25, 1.05), (left + 0.88, 1.05))
            box(ax, left + 1.2, 1.05, '$x^2$', width=0.6)
            arrow(ax, (left + 1.51, 1.05), (left + 1.9, 1.05))
            ax.text(left + 0.2, 1.05, '3', ha='right', va='center', fontsize=11)
            ax.text(left + 1.95, 1.05, '9', ha='left', va='center', fontsize=11)
            ax.text(left + 1.72, 0.86, '0.5', ha='center', va='center', fontsize=10,
                    color=GRADIENT)
            ax.text(left + 0.2, 0.86, '0.5 × 6', ha='left', va='center', fontsize=10,
                    color=GRADIENT)
            ax.text(left + 1.2, 1.43, 'slope 2 × 3', ha='center', va='center', fontsize=9)
        else:
            ax.text(left + 0.12, 1.05, '3', ha='right', va='center', fontsize=11)
            ax.plot([left + 0.17, left + 0.8], [1.05, 1.05], color=DATA, lw=1.3)
            ax.plot([left + 0.8], [1.05], 'o', color=DATA, markersize=5)
            for y in (1.65, 0.45):
                arrow(ax, (left + 0.8, 1.05), (left + 1.55, y))
                ax.text(left + 1.6, y, '3', ha='left', va='center', fontsize=11)
            ax.text(left + 1.08, 1.63, '0.5', ha='center', va='center', fontsize=10, color=GRADIENT)
            ax.text(left + 1.08, 0.47, '0.2', ha='center', va='center', fontsize=10, color=GRADIENT)
            ax.text(left + 0.35, 0.86, '0.5 + 0.2', ha='center', va='center', fontsize=10,
                    color=GRADIENT)
    return ax.figure


if __name__ == '__main__':
    save(network(gradients=False), 'by-hand-forward', HERE)
    save(network(gradients=True), 'by-hand-backward', HERE)
    save(rules(), 'by-hand-rules', HERE)
