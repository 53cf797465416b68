"""Runs in the guest of `test_v4l2`: the port's promises on the virtual webcam, then our camera; unplugs it when told to.

The console's words: ``unplug`` and ``plug``.
"""

import os
import subprocess
import sys
import threading
from pathlib import Path

DRIVER = Path("/sys/bus/platform/drivers/vivid")


def main() -> int:
    promises = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-c",
            "/dev/null",
            "--rootdir",
            ".",
            "tests/ports/test_capture_device.py",
        ],
        env=os.environ | {"TAWNY_WEBCAM": "/dev/video0", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},  # a slow machine
        capture_output=True,
        text=True,
        check=False,
    )
    print(promises.stdout, "guest promises", promises.returncode, flush=True)
    words = ["--v4l2", "/dev/video0@320x180", "--listen", "0.0.0.0", "--data", "/tmp/camera", *sys.argv[1:]]
    with subprocess.Popen([sys.executable, "-m", "tawny.cli", "camera", *words]) as camera:
        threading.Thread(target=lambda: print("guest camera ended", camera.wait(), flush=True), daemon=True).start()
        for line in sys.stdin:
            (DRIVER / {"unplug": "unbind", "plug": "bind"}[line.strip()]).write_text("vivid.0")
            print("guest did", line.strip(), flush=True)
        return camera.wait()


if __name__ == "__main__":
    sys.exit(main())
