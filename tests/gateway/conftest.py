import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def short_path() -> Iterator[Path]:
    """A directory whose path leaves room for a socket's name: Unix allows 107 bytes."""
    with tempfile.TemporaryDirectory(prefix="tg", dir="/tmp") as directory:
        yield Path(directory)
