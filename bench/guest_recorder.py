"""Runs inside the guest of `bench.power_cut`: a recorder, its cameras, and a line with the guest's clock several times a second."""

import argparse
import json
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any


def asked(path: Path, method: str, **params: Any) -> Any:
    """The recorder's answer to one request on its control socket."""
    with socket.socket(socket.AF_UNIX) as control:
        control.connect(str(path))
        control.sendall(json.dumps({"id": 1, "method": method, "params": params}).encode() + b"\n")
        answer = json.loads(control.makefile().readline())
    if "problem" in answer:
        raise RuntimeError(answer["problem"])
    return answer["result"]


def main() -> None:
    words = argparse.ArgumentParser()
    words.add_argument("data", type=Path)
    words.add_argument("--source", required=True, help="HOST:PORT of the cameras")
    words.add_argument("--cameras", type=int, required=True)
    given = words.parse_args()
    subprocess.Popen([sys.executable, "-m", "tawny.cli", "recorder", "--data", str(given.data)])
    control = given.data / "run" / "control.sock"
    while not control.exists():
        time.sleep(0.1)
    for number in range(given.cameras):
        url = f"rtsp://{given.source}/{number}"
        asked(control, "cameras.add", name=f"Camera {number}", url=url, user="", password="", sound=True)
    while True:
        status = asked(control, "status")
        figures = {"utc_us": time.time_ns() // 1000, "online": status["cameras"]["online"], **status["archive"]}
        print("guest", json.dumps(figures), flush=True)
        time.sleep(0.2)


if __name__ == "__main__":
    main()
