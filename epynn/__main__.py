"""What does ``python -m epynn`` do? The same as the command ``epynn``."""
import sys

from epynn.command import main

if __name__ == '__main__':
    sys.exit(main())
