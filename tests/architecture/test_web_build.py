"""Promises about the built web app: what a browser has to load before it shows the wall."""

import gzip
import re
from pathlib import Path

import pytest

DIST = Path(__file__).resolve().parents[2] / "web" / "dist"
MOST_BYTES = 250_000


def test_the_first_load_of_script_stays_small() -> None:
    if not DIST.is_dir():
        pytest.skip("needs the built web app (make setup)")
    page = (DIST / "index.html").read_text()

    scripts = set(re.findall(r'(?:src|href)="/?(assets/[^"]+\.js)"', page))

    assert scripts
    assert sum(len(gzip.compress((DIST / script).read_bytes())) for script in scripts) <= MOST_BYTES
