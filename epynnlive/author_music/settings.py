"""What does this example learn with? The library's defaults, and a smaller step."""
import os

from epynn.settings import se_hPars as defaults

# A dict of its own: the notebook writes to it, and the defaults stay what they are
se_hPars = {**defaults, 'learning_rate': 0.01}

# EPYNN_FAST=1 in the environment compares the networks over one seed instead of five
FAST = os.environ.get('EPYNN_FAST') == '1'
SEEDS = (1,) if FAST else (1, 2, 3, 4, 5)
