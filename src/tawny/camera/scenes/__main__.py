"""Render the scenes, or make one of the helper clips that tests need."""

import argparse
import sys
from pathlib import Path

from tawny.camera.scenes import NAMES, default_directory, render
from tawny.camera.scenes.variants import KINDS, write_variant


def main() -> int:
    """``python -m tawny.camera.scenes [--directory DIR] | --clip KIND --seconds N OUT``."""
    parser = argparse.ArgumentParser(prog="python -m tawny.camera.scenes", description=__doc__)
    parser.add_argument("--directory", type=Path, default=default_directory(), help="where the scenes are kept")
    parser.add_argument("--clip", choices=KINDS, help="make this clip for tests instead")
    parser.add_argument("--seconds", type=int, default=10, help="how long the clip is")
    parser.add_argument("out", type=Path, nargs="?", help="the clip's file")
    options = parser.parse_args()
    if options.clip:
        if options.out is None:
            parser.error("name the clip's file")
        write_variant(options.clip, options.out, seconds=options.seconds)
        return 0
    done: list[str] = []

    def tell(name: str) -> None:
        done.append(name)
        sys.stderr.write(f"drawn: {name} ({len(done)} of at most {len(NAMES)})\n")

    render(options.directory, progress=tell)
    return 0


if __name__ == "__main__":
    sys.exit(main())
