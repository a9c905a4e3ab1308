"""How is the site built? ``python -m sphinx -W docs docs/_build/html``, offline from end to end."""
import os
import runpy
import shutil
import sys
from pathlib import Path

import epynn

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent

project = 'epynn'
author = 'The epynn developers'
copyright = author
release = version = epynn.__version__

extensions = [
    'myst_nb', 'sphinx.ext.autodoc', 'sphinx.ext.napoleon', 'sphinx.ext.viewcode',
    'sphinx.ext.mathjax', 'sphinx-mathjax-offline', 'sphinx_design', 'sphinx_copybutton',
]
exclude_patterns = ['_build', 'figures/benchmark.md']
nitpicky = True

# Pages written in Markdown run their code when the site is built, and an error ends the build.
# The notebooks of the course are shown with the outputs that they were committed with.
myst_enable_extensions = ['amsmath', 'attrs_block', 'attrs_inline', 'colon_fence', 'deflist',
                          'dollarmath']
myst_heading_anchors = 3
nb_execution_mode = 'cache'
nb_execution_excludepatterns = ['course/*']
nb_execution_raise_on_error = True
nb_execution_timeout = 120
nb_merge_streams = True

autodoc_member_order = 'bysource'
autodoc_typehints = 'none'
napoleon_google_docstring = False
napoleon_use_rtype = False

html_theme = 'pydata_sphinx_theme'
html_title = 'epynn'
html_static_path = ['_static']
html_css_files = ['epynn.css']
html_theme_options = {
    'show_toc_level': 2,
    'navigation_with_keys': True,
    'pygments_light_style': 'a11y-high-contrast-light',
    'pygments_dark_style': 'a11y-high-contrast-dark',
}


def copy_course(app, config):
    """The notebooks of the live examples become pages, with the links between them."""
    for notebook in sorted((ROOT / 'epynnlive').glob('*/*.ipynb')):
        page = HERE / 'course' / notebook.relative_to(ROOT / 'epynnlive')
        page.parent.mkdir(parents=True, exist_ok=True)
        if not page.exists() or page.read_bytes() != notebook.read_bytes():
            shutil.copyfile(notebook, page)


def draw_figures(app, config):
    """Run the scripts that draw the pictures of the pages, where they changed since."""
    sys.path.insert(0, str(HERE / 'figures'))               # style, diagram
    for script in sorted(HERE.glob('*/figures/*.py')):
        drawn = script.with_suffix('.drawn')
        newest = max(p.stat().st_mtime for p in (script, *(HERE / 'figures').glob('*.py')))
        if not drawn.exists() or drawn.stat().st_mtime < newest:
            runpy.run_path(str(script), run_name='__main__')
            drawn.touch()


def setup(app):
    os.environ.setdefault('OPENBLAS_NUM_THREADS', '1')      # in the kernels that run the pages
    app.connect('config-inited', copy_course)
    app.connect('config-inited', draw_figures)
