"""A power cut: a virtual machine records, its process is killed, its disk is looked at.

Opt-in, for it needs root, `qemu-system-x86`, `busybox-static`, `kmod` and a package `linux-image-amd64` (fetched with `apt-get download`). The guest's root is this machine's,
read-only under an overlay; its disk is an image of its own. What the guest flushed is in the image, what it only wrote is not: as when the power fails.
Emulated without KVM the guest is slow, so that few small cameras are recorded.
"""

import json
import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.clips import main_clip, sub_clip
from bench.faults import asked, end_of_footage_us
from bench.guest import initramfs, kernel, machine
from bench.processes import end
from bench.record import source
from bench.report import Report, spread, words

BUDGET_S = 2.0
GUEST_SOURCE = "10.0.2.2"  # this machine's loopback, as QEMU's user network shows it inside the guest
DISK = "$B mkdir -p /new/mnt/disk; $B mount -t ext4 /dev/vda /new/mnt/disk"


class Guest:
    """The virtual machine, and what it says on its console."""

    def __init__(self, image: Path, ram: Path, disk: Path, log: Path) -> None:
        drive = ["-drive", f"file={disk},format=raw,if=virtio,cache=writeback", "-rtc", "base=utc"]
        command = machine(image, ram, memory_mb=2048, network="user,id=n", more=drive)
        self.process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        self.figures: list[dict[str, float]] = []
        self.offsets_us: list[int] = []  # this machine's clock less the guest's, late by the console
        self._log = log
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        with self._log.open("wb") as log:
            for line in self.process.stdout:
                now_us = time.time_ns() // 1000
                log.write(line)
                log.flush()
                if line.startswith(b"guest {"):
                    figures = json.loads(line[6:])
                    self.figures.append(figures)
                    self.offsets_us.append(now_us - int(figures["utc_us"]))

    def wait(self, cameras: int, timeout_s: float) -> None:
        """Until all cameras record. RuntimeError where they do not in time."""
        until = time.monotonic() + timeout_s
        while not self.figures or self.figures[-1]["online"] < cameras:
            if time.monotonic() > until or self.process.poll() is not None:
                raise RuntimeError(f"the guest did not record within {timeout_s} s, see {self._log}")
            time.sleep(0.5)

    def cut_power(self) -> int:
        """End the machine as a power cut does; the guest's time of it."""
        offset_us = min(self.offsets_us[-50:])
        moment_us = time.time_ns() // 1000
        self.process.kill()
        self.process.wait()
        return moment_us - offset_us


@contextmanager
def mounted(disk: Path, at: Path) -> Iterator[Path]:
    at.mkdir(exist_ok=True)
    subprocess.run(["mount", "-o", "loop", str(disk), str(at)], check=True)
    try:
        yield at / "data"
    finally:
        subprocess.run(["umount", str(at)], check=True)


def start_once(data: Path) -> None:
    """Let a recorder put in order what the cut left; its cameras, which are gone, are switched off before."""
    with sqlite3.connect(data / "recorder.db") as settings:
        settings.execute("UPDATE cameras SET enabled = 0")
    settings.close()
    recorder = subprocess.Popen([sys.executable, "-m", "tawny.cli", "recorder", "--data", str(data), "--find-on", "lo"])
    time.sleep(6)
    end(recorder)


def examined(disk: Path, directory: Path, moment_us: int) -> tuple[list[float], dict[str, float | str | None]]:
    """Seconds lost of each camera, and what the archive's own checks say."""
    with mounted(disk, directory / "mounted") as data:
        start_once(data)
        cameras = [path.name for path in sorted((data / "archive").iterdir()) if path.name.startswith("cam_")]
        losses = [(moment_us - end_of_footage_us(data / "archive", camera)) / 1e6 for camera in cameras]
        checked = asked(data, "check", "--hashes")
        verified = asked(data, "verify")
    return losses, {
        "faults": len(checked["faults"]),
        "evidence": "clean" if verified["code"] == 0 else str(verified)[:500],
    }


def main() -> int:
    parser = words(__doc__ or "")
    parser.add_argument("--cameras", type=int, default=16)
    parser.add_argument("--large", action="store_true", help="1080p at 4 Mbit/s instead of 640x360")
    given = parser.parse_args()
    if os.geteuid():
        print("The power cut needs root: it mounts the guest's disk.", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="tawny-bench-") as temporary:
        report = bench(
            Path(given.keep or temporary), given.cameras, given.rounds, main_clip() if given.large else sub_clip()
        )
    report.show()
    return 0 if report.holds else 1


def bench(directory: Path, cameras: int, rounds: int, clip: Path) -> Report:
    directory.mkdir(parents=True, exist_ok=True)
    image, modules = kernel(directory)
    losses: list[float] = []
    unsynced: list[float] = []
    beside: dict[str, float | str | None] = {}
    with source(clip, cameras) as playing:
        command = f"{sys.executable} -m bench.guest_recorder /mnt/disk/data --source {GUEST_SOURCE}:{playing.port} --cameras {cameras}"
        ram = initramfs(directory, modules, ("virtio_blk", "ext4", "crc32c_generic"), command, before=DISK)
        for number in range(rounds):
            disk = directory / f"disk-{number}.img"
            with disk.open("wb") as file:
                file.truncate(2 << 30)
            subprocess.run(["mkfs.ext4", "-q", str(disk)], check=True)
            guest = Guest(image, ram, disk, directory / f"guest-{number}.log")
            try:
                guest.wait(cameras, timeout_s=240)
                time.sleep(12 + number % 3)
                moment_us = guest.cut_power()
            finally:
                guest.process.kill()
                guest.process.wait()
            unsynced += [figures["unsynced_s"] for figures in guest.figures[-40:]]
            found, beside = examined(disk, directory, moment_us)
            losses += found
            print(f"cut {number + 1}: worst {max(found):.2f} s of {len(found)} cameras, {beside}", flush=True)
    beside["unsynced_s_worst"] = max(unsynced)
    value = max(losses)
    return Report(
        name="power-cut",
        value=round(value, 2),
        unit="s lost, worst camera of all cuts",
        budget=BUDGET_S,
        holds=value <= BUDGET_S and not beside["faults"] and beside["evidence"] == "clean",
        conditions=f"{rounds} cuts, {cameras} cameras of {clip.name}, ext4, QEMU without KVM (the guest is many times slower than this machine), disk image written back",
        spread=spread(losses),
        lost=round(value, 2),
        beside=beside | {"median_s": round(statistics.median(losses), 2)},
    )


if __name__ == "__main__":
    sys.exit(main())
