"""What exists before the first step of an Embedding? The data, see :mod:`epynn.embedding.dataset`."""
