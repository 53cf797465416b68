"""Files made from others are what their generator would make now."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_web_apps_types_are_those_of_the_api() -> None:
    result = subprocess.run(
        [sys.executable, "web/gen/generate.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert result.returncode == 0, result.stderr
