"""What a benchmark prints: its figures in words, then one JSON object on the last line."""

import argparse
import json
import os
import platform
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Report:
    """One benchmark's outcome. *holds* says whether *value* (or *ratio*) keeps the *budget*."""

    name: str
    value: float
    unit: str
    budget: float
    holds: bool
    conditions: str
    spread: str
    peer: str = ""
    peer_value: float | None = None
    ratio: float | None = None
    lost: float | None = None
    beside: dict[str, float | str | None] | None = None

    def show(self) -> None:
        """Print the JSON line, with the machine it was measured on."""
        print(json.dumps({**asdict(self), "rig": rig()}))


def rig() -> str:
    """The machine in a few words."""
    information = Path("/proc/cpuinfo").read_text().splitlines()
    model = next(
        (line.split(":")[1].strip() for line in information if line.startswith("model name")),
        platform.machine(),
    )
    return f"{os.cpu_count()} cores {model}, Linux {platform.release()}, Python {platform.python_version()}"


def spread(values: Sequence[float]) -> str:
    """The least, middle and greatest of *values*."""
    return (
        f"{min(values):.3g} / {statistics.median(values):.3g} / {max(values):.3g} (min / median / max of {len(values)})"
    )


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which *share* (0..1) of *values* lie, nearest rank."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, round(share * len(ordered)) - 1))]


def words(description: str) -> argparse.ArgumentParser:
    """The options that every benchmark takes."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--json", action="store_true", help="print the JSON object only")
    parser.add_argument("--keep", help="leave what was measured in this directory")
    parser.add_argument("--rounds", type=int, default=5)
    return parser
