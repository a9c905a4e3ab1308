"""What serves only those who come from EpyNN 1.2.13? It stands here, and nowhere else.

Who reads the library to learn from it can pass this room by: nothing else needs it.

- Modules that have moved are found under their old paths, ``epynn.commons.io``, ``logs``, ``plot``
  and ``gradcheck``: they are in ``epynn/compat/commons``, a second folder of ``epynn.commons``.
- Functions that only 1.2.13 had are in :mod:`epynn.compat.functions`, attributes of networks,
  layers and data in :mod:`epynn.compat.attributes`. They are put where they were, by assignment,
  when ``epynn`` is imported. A name that the library has itself is never replaced.
- Layers written for 1.2.13 are made into layers of this library by :mod:`epynn.compat.layers`.
- What differs on purpose, and can be noticed, is said by :mod:`epynn.compat.notices`.
"""
from epynn.compat import attributes, functions, layers, notices

for room in (functions, attributes, layers, notices):
    room.install()
