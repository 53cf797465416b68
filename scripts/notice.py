"""Write NOTICE: what the packages that Tawny runs with bring along, from their own metadata.

usage: .venv/bin/python scripts/notice.py [--check]
"""

import json
import re
import sys
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

HEAD = """Tawny
Copyright 2026 the Tawny authors

This product is licensed under the Apache License, Version 2.0 (see LICENSE). It contains no code of others; it runs with
the packages below, which `make setup` installs from the package registries under their own licences.

PyAV's wheels (av) bundle FFmpeg (LGPL 3 or later) together with libx264 and libx265 (GPL 2 or later). Tawny uses them in
`tawny camera` (drawing the demo's scenes), in benchmarks and tests; the recorder, gateway and hub never load them. Whoever
distributes those wheels together with Tawny has to honour these licences.
"""


def pinned() -> list[str]:
    """Names in the runtime requirements, in order."""
    text = (ROOT / "requirements" / "runtime.txt").read_text()
    return re.findall(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==", text, re.MULTILINE)


def python_packages() -> list[str]:
    lines = []
    for name in dict.fromkeys(pinned()):
        try:
            data = distribution(name).metadata
        except PackageNotFoundError:
            continue  # pinned for another platform or Python
        classified = [c.rsplit(" :: ", 1)[1] for c in data.get_all("Classifier") or [] if c.startswith("License ::")]
        licence = data.get("License-Expression") or ", ".join(classified) or (data.get("License") or "").split("\n")[0]
        lines.append(f"- {name} {data['Version']}: {licence or 'see its files'}")
    return lines


def web_packages() -> list[str]:
    """Packages that end up in the built web app (not the tools that build it)."""
    lock = json.loads((ROOT / "web" / "package-lock.json").read_text())
    lines = []
    for path, entry in sorted(lock["packages"].items()):
        if path.startswith("node_modules/") and not entry.get("dev") and not entry.get("optional"):
            lines.append(
                f"- {path.rsplit('node_modules/', 1)[1]} {entry['version']}: {entry.get('license', 'see its files')}"
            )
    return lines


def notice() -> str:
    parts = [HEAD, "Python packages", *python_packages(), "", "Packages in the web app", *web_packages(), ""]
    return "\n".join(parts)


def main() -> int:
    path = ROOT / "NOTICE"
    if "--check" in sys.argv:
        if path.read_text() != notice():
            print("NOTICE is out of date: run scripts/notice.py", file=sys.stderr)
            return 1
        return 0
    path.write_text(notice())
    return 0


if __name__ == "__main__":
    sys.exit(main())
