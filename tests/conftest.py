"""Settings of all tests: no windows open, and hypothesis tries the same examples each time."""
import os

from hypothesis import settings

os.environ['MPLBACKEND'] = 'Agg'
settings.register_profile('epynn', max_examples=60, deadline=None, derandomize=True, database=None)
settings.load_profile('epynn')
