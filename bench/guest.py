"""A virtual machine with Debian's kernel, whose root is this machine's, read-only under an overlay.

It needs root, `qemu-system-x86`, `busybox-static`, `cpio`, `kmod` and a package `linux-image-amd64`, which is fetched with `apt-get download`.
Emulated without KVM it is slow.
"""

import gzip
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

MODULES = ("virtio_pci", "virtio_net", "9p", "9pnet_virtio", "overlay")
INIT = """#!/bin/busybox sh
B=/bin/busybox
$B mount -t proc p /proc; $B mount -t sysfs s /sys; $B mount -t devtmpfs d /dev
for m in $($B cat /modules/order); do $B insmod /modules/$m || true; done
$B mkdir -p /host /cover /new
$B mount -t 9p -o trans=virtio,version=9p2000.L,ro,msize=262144,cache=loose host /host
$B mount -t tmpfs t /cover; $B mkdir /cover/up /cover/work
$B mount -t overlay -o lowerdir=/host,upperdir=/cover/up,workdir=/cover/work o /new
BEFORE
$B mount -t proc p /new/proc; $B mount -t sysfs s /new/sys; $B mount --bind /dev /new/dev; $B mount -t tmpfs t /new/tmp
$B ip link set lo up; $B ip link set eth0 up; $B ip addr add 10.0.2.15/24 dev eth0; $B ip route add default via 10.0.2.2
echo guest booted
exec $B chroot /new /bin/sh -c "cd ROOT && exec COMMAND"
"""


def kernel(directory: Path) -> tuple[Path, Path]:
    """A kernel and its modules, from Debian's package."""
    name = (
        subprocess.run(["apt-cache", "depends", "linux-image-amd64"], capture_output=True, text=True, check=True)
        .stdout.split("Depends: ")[1]
        .split()[0]
    )
    subprocess.run(
        ["apt-get", "download", "-q", name],
        cwd=directory,
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    subprocess.run(["dpkg", "-x", str(next(directory.glob("linux-image*.deb"))), str(directory / "kernel")], check=True)
    return next(directory.glob("kernel/boot/vmlinuz-*")), next(directory.glob("kernel/lib/modules/*"))


def module_files(modules: Path, names: Sequence[str]) -> list[Path]:
    """The files of the modules *names* and of all that they need, each after what it needs."""
    known = {path.name.removesuffix(".ko").replace("-", "_"): path for path in modules.rglob("*.ko")}
    found: list[Path] = []

    def take(name: str) -> None:
        path = known.get(name.replace("-", "_"))
        if path is None or path in found:
            return  # built in, or taken
        needs = subprocess.run(["modinfo", "-F", "depends", str(path)], capture_output=True, text=True, check=True)
        for need in filter(None, needs.stdout.strip().split(",")):
            take(need)
        found.append(path)

    for name in names:
        take(name)
    return found


def initramfs(directory: Path, modules: Path, names: Sequence[str], command: str, *, before: str = "") -> Path:
    """What boots a guest with the modules *names* and runs *command*: busybox, modules and `INIT`."""
    root = directory / "initramfs"
    for name in ("bin", "proc", "sys", "dev", "modules"):
        (root / name).mkdir(parents=True, exist_ok=True)
    shutil.copy("/usr/bin/busybox", root / "bin" / "busybox")
    files = module_files(modules, [*MODULES, *names])
    for path in files:
        shutil.copy(path, root / "modules")
    (root / "modules" / "order").write_text("\n".join(path.name for path in files) + "\n")
    words = {"BEFORE": before, "ROOT": str(Path.cwd()), "COMMAND": command}
    (root / "init").write_text(re.sub("BEFORE|ROOT|COMMAND", lambda found: words[found[0]], INIT))
    (root / "init").chmod(0o755)
    names = "\n".join(str(path.relative_to(root)) for path in [root, *sorted(root.rglob("*"))])
    archive = subprocess.run(
        ["cpio", "-o", "-H", "newc", "--quiet"], cwd=root, input=names.encode(), capture_output=True, check=True
    )
    made = directory / "initramfs.gz"
    made.write_bytes(gzip.compress(archive.stdout, 1))
    return made


def machine(image: Path, ram: Path, *, memory_mb: int, network: str, more: Sequence[str] = ()) -> list[str]:
    """The words that start it; *network* is QEMU's ``user`` network, named ``n``."""
    command = ["qemu-system-x86_64", "-machine", "q35", "-accel", "tcg,thread=multi", "-smp", "2", "-m", str(memory_mb)]
    command += ["-cpu", "max"]  # numpy's wheel needs more than QEMU's plain one has
    command += ["-nographic", "-no-reboot", "-kernel", str(image), "-initrd", str(ram)]
    command += ["-append", "console=ttyS0 quiet panic=-1"]
    command += ["-virtfs", "local,path=/,mount_tag=host,security_model=none,readonly=on,multidevs=remap"]
    return [*command, "-netdev", network, "-device", "virtio-net-pci,netdev=n", *more]
