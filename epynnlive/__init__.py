"""Live examples: each folder prepares its data, settings, and a network to train on them."""
