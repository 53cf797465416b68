"""Whether the machine's clock follows a time server, as the kernel knows it (adjtimex(2), whichever program keeps the time)."""

import ctypes
from collections.abc import Callable
from typing import Any, Final

_TIME_ERROR: Final = 5  # the clock is not synchronised: whoever steps it makes it so, whoever disciplines it ends it
_ROOM: Final = 512  # for struct timex: 208 bytes on 64-bit Linux


def _adjtimex(timex: Any) -> int:
    return int(ctypes.CDLL(None, use_errno=True).adjtimex(timex))


def synchronised(adjtimex: Callable[[Any], int] = _adjtimex) -> bool:
    """Whether a time server has set the clock and nobody stepped it since; False where the kernel does not tell."""
    timex = ctypes.create_string_buffer(_ROOM)  # modes 0: only read
    try:
        state = adjtimex(timex)
    except (OSError, AttributeError):  # no such call in this C library
        return False
    return state not in {-1, _TIME_ERROR}
