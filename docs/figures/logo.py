"""What is the mark of the site? What goes forward, in blue, comes back, in orange.

    python docs/figures/logo.py         # writes ../_static/logo.svg
"""
from pathlib import Path

from style import BLUE, ORANGE

ARC = 'M 14 46 A 37 37 0 0 1 80 34'         # from left to right, over the top
HEAD = 'M 92 50 L 89 18 L 64 41 Z'


def main():
    half = f'<path d="{ARC}" fill="none" stroke-width="13" stroke-linecap="round"/>' \
           f'<path d="{HEAD}" stroke="none"/>'
    svg = ('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100">'
           f'<g stroke="{BLUE}" fill="{BLUE}">{half}</g>'
           f'<g stroke="{ORANGE}" fill="{ORANGE}" transform="rotate(180 50 50)">{half}</g></svg>\n')
    (Path(__file__).resolve().parents[1] / '_static' / 'logo.svg').write_text(svg)


if __name__ == '__main__':
    main()
