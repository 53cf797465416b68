"""`python -m bench NAME ...`: run one benchmark, or `list` them."""

import sys
from importlib import import_module

NAMES = {
    "record": "CPU and memory per camera, against ffmpeg",
    "first-picture": "click to the first painted picture",
    "live": "camera to screen",
    "capacity": "cameras held for two minutes without a lost frame",
    "faults": "what 200 kills lose, and whether archive and evidence are whole after them",
    "power-cut": "what power cuts of a virtual machine lose (needs root and QEMU)",
    "seek": "request for a moment to the first fragment, in 30 days of 16 cameras",
    "timeline": "one camera-day of ten million segments",
    "export": "CPU and memory of a signed export, against signing alone",
    "pull-points": "listening to the events of 64 cameras",
    "restart": "start to the first access unit of every camera",
}


def main() -> int:
    name = sys.argv[1] if len(sys.argv) > 1 else "list"
    if name == "list":
        for known, title in NAMES.items():
            print(f"{known:15} {title}")
        return 0
    if name not in NAMES:
        print(f"There is no benchmark {name!r}; known are {', '.join(NAMES)}.", file=sys.stderr)
        return 2
    del sys.argv[1]
    code: int = import_module(f"bench.{name.replace('-', '_')}").main()
    return code


if __name__ == "__main__":
    sys.exit(main())
