"""What exists before the first step of an Embedding? The data: :mod:`epynn.embedding.dataset`."""
