"""Runs the machine's own tools: argument lists, never a shell; bounded in time and in what they may say."""

import os
import signal
import subprocess
import tempfile
from dataclasses import dataclass
from typing import Final

MAX_OUTPUT: Final = 4 << 20
_KILL_S: Final = 2
_PATH: Final = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"  # sbin is not on every user's own


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a program ended, and what it said."""

    code: int
    output: bytes
    errors: str


class Programs:
    """Runs programs found on *path*.

    Invariant: a call returns after its time at the latest, also where the program hangs in the kernel behind a dead
    disk and cannot be killed; such a program is left alone and collected when it ends at last.
    """

    def __init__(self, path: str = _PATH) -> None:
        self._environment = {"PATH": path, "LC_ALL": "C"}
        self._left: list[subprocess.Popen[bytes]] = []

    def run(self, *arguments: str, timeout_s: float) -> Ended:
        """Run the program and wait for its end. FileNotFoundError where there is none, TimeoutError where it hangs."""
        self._left = [process for process in self._left if process.poll() is None]
        with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
            process = subprocess.Popen(  # noqa: S603 - a list of arguments, made by us; the program is one of a fixed few
                arguments,
                executable=self._find(arguments[0]),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=errors,
                env=self._environment,
                start_new_session=True,
            )
            try:
                code = process.wait(timeout_s)
            except subprocess.TimeoutExpired:
                self._end(process)
                raise TimeoutError(f"{arguments[0]} did not end within {timeout_s:.0f} s") from None
            output.seek(0)
            errors.seek(0)
            text = errors.read(MAX_OUTPUT).decode(errors="replace")
            return Ended(code=code, output=output.read(MAX_OUTPUT), errors=text.strip())

    def _end(self, process: subprocess.Popen[bytes]) -> None:
        os.killpg(process.pid, signal.SIGKILL)
        try:
            process.wait(_KILL_S)
        except subprocess.TimeoutExpired:
            self._left.append(process)

    def _find(self, name: str) -> str:
        for directory in self._environment["PATH"].split(os.pathsep):
            candidate = os.path.join(directory, name)  # noqa: PTH118 - a search path is text
            if os.access(candidate, os.X_OK):
                return candidate
        raise FileNotFoundError(f"the program {name} is not installed")
