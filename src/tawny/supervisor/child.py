"""How each program starts under the supervisor: it asks the kernel to be ended with its parent, then becomes the program.

``python -m tawny.supervisor.child PARENT COMMAND...``; the wish survives execve (prctl(2), PR_SET_PDEATHSIG).
"""

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1  # linux/prctl.h


def main() -> None:
    """Become the command given, unless the parent has gone already."""
    parent, command = int(sys.argv[1]), sys.argv[2:]
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl")
    if os.getppid() == parent:
        os.execvp(command[0], command)  # noqa: S606 - our own programs, no shell wanted


if __name__ == "__main__":
    main()
