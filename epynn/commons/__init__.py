"""What is the maths of a layer made of? Modules that all layers share.

Modules that have moved elsewhere are still found here under their old names: ``epynn.compat``.
"""
from pathlib import Path

__path__.append(str(Path(__path__[0]).parent / 'compat' / 'commons'))
