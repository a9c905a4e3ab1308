"""Does every link inside the built site lead somewhere, and does nothing come from elsewhere?

    python .ci/check_site.py docs/_build/html
"""
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

LOADED = {('link', 'href'), ('script', 'src'), ('img', 'src'), ('iframe', 'src'), ('source', 'src')}


class Page(HTMLParser):
    """What a page links to, what it loads, and the anchors it has."""

    def __init__(self, path):
        super().__init__()
        self.links, self.anchors = [], set()
        self.feed(path.read_text(encoding='utf-8'))

    def handle_starttag(self, tag, attributes):
        for name, value in attributes:
            if name == 'id' or (tag, name) == ('a', 'name'):
                self.anchors.add(value)
            if value and ((tag, name) in LOADED or (tag, name) == ('a', 'href')):
                self.links.append((value, (tag, name) in LOADED))


def problems(root):
    """A line for each link that is broken, and for each thing that another host would send."""
    pages = {path: Page(path) for path in sorted(root.rglob('*.html'))
             if not path.is_relative_to(root / '_static')}
    for path, page in pages.items():
        for link, loaded in page.links:
            parts = urlsplit(link)
            where = f'{path.relative_to(root)}: {link}'
            if parts.scheme or parts.netloc:
                if loaded and parts.scheme != 'data':
                    yield f'{where} comes from elsewhere'
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            if target.is_dir():
                target /= 'index.html'
            if not target.is_file():
                yield f'{where} leads nowhere'
            elif parts.fragment and target in pages \
                    and unquote(parts.fragment) not in pages[target].anchors:
                yield f'{where} has no such anchor'
    for sheet in sorted(root.rglob('*.css')):
        if 'url(http' in (text := sheet.read_text(encoding='utf-8')) or 'url(//' in text:
            yield f'{sheet.relative_to(root)} loads from elsewhere'


def main():
    root = Path(sys.argv[1]).resolve()
    if not (root / 'index.html').is_file():
        raise SystemExit(f'{root} holds no site')
    found = list(problems(root))
    print('\n'.join(found) or 'Every link of the site leads somewhere')
    raise SystemExit(bool(found))


if __name__ == '__main__':
    main()
