"""The module that is ``epynn.gradcheck`` now."""
from epynn.gradcheck import *  # noqa: F403
from epynn.gradcheck import main

if __name__ == '__main__':
    raise SystemExit(main())
