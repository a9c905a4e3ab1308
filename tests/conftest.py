"""Settings of all tests: a folder for each, no windows, hypothesis tries the same each time."""
import os

import pytest
from hypothesis import settings

os.environ['MPLBACKEND'] = 'Agg'
settings.register_profile('epynn', max_examples=60, deadline=None, derandomize=True, database=None)
settings.load_profile('epynn')


@pytest.fixture(autouse=True)
def a_folder_of_its_own(tmp_path, monkeypatch):
    """What a test writes, nobody else reads."""
    monkeypatch.chdir(tmp_path)
