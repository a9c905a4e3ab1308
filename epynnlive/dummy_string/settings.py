"""What does this example learn with, and for how long?"""
import os

from epynn.settings import se_hPars as defaults

se_hPars = {**defaults, 'learning_rate': 0.03}

# EPYNN_FAST=1 in the environment cuts the example down: enough to see that all of it runs
FAST = os.environ.get('EPYNN_FAST') == '1'
N_SAMPLES = 60 if FAST else 900
EPOCHS = 3 if FAST else 50
