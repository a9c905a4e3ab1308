"""How is the site built? ``python -m sphinx -W docs docs/_build/html``, offline from end to end."""
import base64
import importlib
import inspect
import json
import os
import re
import runpy
import sys
from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.ext.viewcode import viewcode_anchor
from sphinx.transforms import SphinxTransform

import epynn

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent

project = 'epynn'
author = 'The epynn developers'
copyright = f'{author}, BSD-3-Clause'
release = version = epynn.__version__

extensions = [
    'myst_nb', 'sphinx.ext.autodoc', 'sphinx.ext.autosummary', 'sphinx.ext.napoleon',
    'sphinx.ext.viewcode', 'sphinx.ext.mathjax', 'sphinx-mathjax-offline', 'sphinx_design',
    'sphinx_copybutton',
]
exclude_patterns = ['_build', 'figures/benchmark.md']
nitpicky = True

# Pages written in Markdown run their code when the site is built, and an error ends the build.
# The notebooks of the course are shown with the outputs that they were committed with.
myst_enable_extensions = ['amsmath', 'attrs_block', 'attrs_inline', 'colon_fence', 'deflist',
                          'dollarmath', 'substitution']
myst_heading_anchors = 3
nb_execution_mode = 'cache'
nb_execution_excludepatterns = ['course/*/*']
nb_execution_raise_on_error = True
nb_execution_timeout = 120
nb_merge_streams = True
nb_code_prompt_show = 'Show the code'
nb_code_prompt_hide = 'Hide the code'

mathjax3_config = {'chtml': {'matchFontHeight': False, 'scale': 1.12}}

autodoc_member_order = 'bysource'
autodoc_typehints = 'none'
autodoc_preserve_defaults = True
autosummary_generate = False
napoleon_google_docstring = False
napoleon_use_param = False
napoleon_custom_sections = [('Attributes', 'params_style')]
napoleon_use_rtype = False
viewcode_follow_imported_members = False      # source_of_methods does
add_module_names = False
toc_object_entries_show_parents = 'hide'
copybutton_prompt_text = r'>>> |\.\.\. |\$ '
copybutton_prompt_is_regexp = True

html_theme = 'pydata_sphinx_theme'
html_title = 'epynn'
html_static_path = ['_static']
html_css_files = ['epynn.css']
html_js_files = ['epynn.js']
html_favicon = '_static/logo.svg'
html_context = {'default_mode': 'auto'}
html_copy_source = False
html_show_sphinx = False
html_sidebars = {'index': [], 'why-it-is-fast': []}
html_theme_options = {
    'logo': {'text': 'epynn', 'image_light': '_static/logo.svg',
             'image_dark': '_static/logo.svg', 'alt_text': 'epynn, to the front page'},
    'navbar_align': 'left',
    'navbar_end': ['theme-switcher'],
    'primary_sidebar_end': [],
    'secondary_sidebar_items': ['page-toc'],
    'footer_start': ['copyright'],
    'footer_end': [],
    'show_toc_level': 2,
    'navigation_depth': 3,
    'navigation_with_keys': True,
    'pygments_light_style': 'github-light',
    'pygments_dark_style': 'github-dark',
}


# ---- Numbers that pages tell, taken from where they were measured --------------------------------

def facts():
    """What ``{{ name }}`` is in a page: figures of the front page, each from one place."""
    bench = json.loads((HERE / 'figures' / 'benchmark.json').read_text())
    epoch = next(row['median'] for row in bench['rows']
                 if (row['what'], row['dtype']) == ('GRU-1, sequences', 'float64'))
    same = [check['difference'] for check in bench['checks'] if check['dtype'] == 'float64']
    checks, error = re.search(r'(\d+) checks, largest errors ([-.e\d]+) \(complex',
                              (HERE / 'gradcheck.md').read_text()).groups()
    gru = ROOT / 'epynn' / 'gru'
    return {
        'gru_lines': sum(len((gru / f'{name}.py').read_text().splitlines())
                         for name in ('forward', 'backward')),
        'checks': checks, 'check_error': power(float(error), 1),
        'peer_checks': len(same), 'peer_error': power(max(same)),
        'epoch': f'{epoch["epynn"]:#.2g}', 'epoch_torch': f'{epoch["PyTorch"]:.2g}',
        'epoch_jax': f'{epoch["JAX"]:.2g}',
        'times_torch': f'{epoch["PyTorch"] / epoch["epynn"]:.0f}',
        'other_modules': other_modules(),
    }


def other_modules():
    """Whatever is not on a page of the reference by name, so that no module is forgotten."""
    named = ''.join(page.read_text() for page in (HERE / 'reference').rglob('*.md'))
    modules = ['.'.join(path.relative_to(ROOT).with_suffix('').parts)
               for path in sorted(ROOT.glob('epynn/**/*.py'))
               if re.search(r'^(def|class) [a-zA-Z]', path.read_text(), re.M)]
    return '\n\n'.join(f'### {name}\n\n```{{eval-rst}}\n.. automodule:: {name}\n   :members:\n```'
                       for name in modules if f'module:: {name}\n' not in named)


def power(number, digits=0):
    """5.3e-15 as people write it."""
    factor, exponent = f'{number:.{digits}e}'.split('e')
    raised = str.maketrans('-0123456789', '⁻⁰¹²³⁴⁵⁶⁷⁸⁹')
    return f'{factor}\N{NO-BREAK SPACE}·\N{NO-BREAK SPACE}10{str(int(exponent)).translate(raised)}'


myst_substitutions = facts()


# ---- What is drawn and copied before pages are read ----------------------------------------------

def copy_course(app, config):
    """The notebooks of the live examples become pages, each with a small picture of its own."""
    for notebook in sorted((ROOT / 'epynnlive').glob('*/*.ipynb')):
        folder = HERE / 'course' / notebook.parent.name
        folder.mkdir(parents=True, exist_ok=True)
        content = json.loads(notebook.read_text())
        cells = content['cells']
        for cell in cells:
            if cell['cell_type'] == 'markdown':
                cell['source'] = re.sub(
                    r'(?<=\]\()(?![a-z]+:)[^)#]+',
                    lambda link, old=notebook.parent, new=folder: moved(link[0], old, new),
                    ''.join(cell['source']))
        write(folder / notebook.name, json.dumps(content, indent=1).encode())
        pictures = [output['data']['image/png'] for cell in cells
                    for output in cell.get('outputs', ()) if 'image/png' in output.get('data', {})]
        if notebook.stem == 'prepare_dataset':
            write(folder / 'thumbnail.png', base64.b64decode(pictures[0]))
    readme = Path('captcha_mnist', 'data', 'README.md')
    (HERE / 'course' / readme.parent).mkdir(exist_ok=True)
    write(HERE / 'course' / readme,
          b'---\norphan: true\n---\n' + (ROOT / 'epynnlive' / readme).read_bytes())


def moved(link, old, new):
    """A relative link of a page of the repository, from where that page is on the site."""
    target = (old / link).resolve()
    if target == ROOT / 'epynnlive' / 'README.md':
        target = HERE / 'course' / 'index.md'
    elif target.suffix in ('.ipynb', '.md') and target.is_relative_to(ROOT / 'epynnlive'):
        target = HERE / 'course' / target.relative_to(ROOT / 'epynnlive')
    return Path(os.path.relpath(target, new)).as_posix()


def write(path, content):
    """Write a file where that changes it: what did not change is not read again."""
    if not path.exists() or path.read_bytes() != content:
        path.write_bytes(content)


def draw_figures(app, config):
    """Run the scripts that draw the pictures of the pages, where they changed since."""
    import matplotlib.pyplot as plt
    sys.path.insert(0, str(HERE / 'figures'))               # style, diagram
    for script in sorted(HERE.glob('*/figures/*.py')):
        drawn = script.with_suffix('.drawn')
        newest = max(p.stat().st_mtime for p in (script, *(HERE / 'figures').glob('*.py')))
        if not drawn.exists() or drawn.stat().st_mtime < newest:
            runpy.run_path(str(script), run_name='__main__')
            plt.close('all')
            drawn.touch()


# ---- Links to source files lead to their listing, by viewcode or, for scripts, made here ---------

class LinkSources(SphinxTransform):
    """``[text](../epynn/gru/forward.py)`` is right in the repository; here it shows the code."""

    default_priority = 400

    def apply(self):
        docname = self.env.docname
        here = (HERE / docname).parent
        for link in list(self.document.findall(addnodes.download_reference)):
            path = (here / link['reftarget']).resolve()
            if path.suffix == '.py' and path.is_relative_to(ROOT):
                name = path.relative_to(ROOT).with_suffix('').as_posix()
                name = name.removesuffix('/__init__')
                self.env.listings = {**getattr(self.env, 'listings', {}), name: path}
                link.replace_self(nodes.reference('', '', *link.children, internal=True,
                                                  refuri=self.uri(docname, f'_modules/{name}')))
        for link in list(self.document.findall(addnodes.pending_xref)):
            path = (here / str(link.get('reftarget'))).resolve()
            if link['reftype'] == 'myst' and path.is_dir() and path.parent == ROOT / 'epynn':
                layers = HERE / 'reference' / 'layers'
                page = f'layers/{path.name}' if (layers / f'{path.name}.md').exists() else path.name
                link['refdomain'], link['reftarget'] = 'doc', f'reference/{page}'
                link['reftargetid'] = None

    def uri(self, docname, page):
        return '../' * docname.count('/') + page + '.html'


def list_sources(app):
    """Pages of code for what is linked and has no functions that are documented."""
    modules = {name.replace('.', '/') for name, entry in app.env._viewcode_modules.items() if entry}
    for name, path in sorted(getattr(app.env, 'listings', {}).items()):
        if name in modules:
            continue
        code = app.builder.highlighter.highlight_block(path.read_text(), 'python')
        yield f'_modules/{name}', {'title': path.name,
                                   'body': f'<h1>{path.relative_to(ROOT)}</h1>{code}'}, 'page.html'


def source_of_methods(app, doctree):
    """``EpyNN.train = model_train`` has its source where ``model_train`` has."""
    for signature in doctree.findall(addnodes.desc_signature):
        module, name = signature.get('module'), signature.get('fullname', '')
        if not module or '.' not in name or any(signature.findall(viewcode_anchor)):
            continue
        value = importlib.import_module(module)
        for part in name.split('.'):
            value = getattr(value, part, None)
        if inspect.isfunction(value) and value.__module__ != module:
            signature += viewcode_anchor(reftarget='_modules/' + value.__module__.replace('.', '/'),
                                         refid=value.__qualname__, refdoc=app.env.docname)


def trim_code(app, doctree):
    """Lines of a source file without the empty ones that follow them."""
    for block in doctree.findall(nodes.literal_block):
        if isinstance(block.children[0], nodes.Text):
            block.rawsource = block.astext().rstrip()       # else it is not highlighted
            block.children = [nodes.Text(block.rawsource)]


class Named:
    """A default value that is written as the name of the function."""

    def __init__(self, function):
        self.name = f'np.{function.__name__}' if 'numpy' in function.__module__ \
            else function.__name__

    def __repr__(self):
        return self.name


def signature_of_layers(app, what, name, obj, options, signature, returns):
    """What a layer takes is said by ``__init__``; ``Layer.__new__`` takes anything."""
    if what != 'class' or not issubclass(obj, epynn.Layer):
        return None
    _, *parameters = inspect.signature(obj.__init__).parameters.values()
    parameters = [p.replace(default=Named(p.default)) if inspect.isroutine(p.default) else p
                  for p in parameters]
    return str(inspect.Signature(parameters)), returns


def setup(app):
    os.environ.setdefault('OPENBLAS_NUM_THREADS', '1')      # in the kernels that run the pages,
    os.environ.pop('MPLBACKEND', None)                      # whose figures appear in them
    app.connect('config-inited', copy_course)
    app.connect('config-inited', draw_figures)
    app.connect('html-collect-pages', list_sources)
    app.connect('autodoc-process-signature', signature_of_layers)
    app.connect('doctree-read', trim_code)
    app.connect('doctree-read', source_of_methods)
    app.add_transform(LinkSources)
