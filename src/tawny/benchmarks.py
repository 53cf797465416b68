"""``tawny bench``: the benchmarks of a checkout; an installed package has none."""

import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from tawny.runtime.problem import Kind, Problem

_CHECKOUT = Path(__file__).parents[2]


def main(words: Sequence[str]) -> int:
    """Run the benchmark named in *words*, which start with the verb."""
    if not (_CHECKOUT / "bench" / "__main__.py").exists():
        raise Problem(Kind.NOT_FOUND, "The benchmarks are not here.", remedy="Run them in a checkout of the source.")
    sys.path.insert(0, str(_CHECKOUT))
    sys.argv = ["tawny bench", *words[1:]]
    code: int = import_module("bench.__main__").main()
    return code
