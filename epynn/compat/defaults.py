"""What does a network learn with when a folder has no ``settings.py``? A copy of the defaults."""
from epynn.settings import se_hPars as default_hPars

se_hPars = dict(default_hPars)          # to be written to: the defaults themselves stay
