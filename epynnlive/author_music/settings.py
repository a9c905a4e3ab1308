"""What does this example learn with? The library's defaults, and a smaller step."""
from epynn.settings import se_hPars as defaults

# A dict of its own: the notebook writes to it, and the defaults stay what they are
se_hPars = {**defaults, 'learning_rate': 0.01}
