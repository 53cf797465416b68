"""The camera's loudspeaker: what is said through it is measured and told in the log, since nobody can hear it."""

import logging
import math
from collections import deque
from dataclasses import dataclass

from tawny.wire.rtp import parse

_PCMU = 0  # RFC 3551, table 4
_SAMPLE_RATE = 8000
_LOUDEST = 32_124  # what G.711 can say
_MOST_KEPT = 16

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """Something that was said: for how long, and how loud at most, in dB below the loudest; None for silence."""

    seconds: float
    peak_db: float | None


class Loudspeaker:
    """All that is said through a camera; *spoken* holds what was said last."""

    def __init__(self) -> None:
        self.spoken: deque[Spoken] = deque(maxlen=_MOST_KEPT)

    def told(self, spoken: Spoken) -> None:
        """Somebody stopped talking."""
        self.spoken.append(spoken)
        loud = "silence" if spoken.peak_db is None else f"{spoken.peak_db:.0f} dB at the loudest"
        _log.info("the loudspeaker played %.1f s of sound, %s", spoken.seconds, loud)


class Talk:
    """What one client says.

    Invariant: the sound itself is not kept, only its length and its loudest sample.
    """

    def __init__(self) -> None:
        self._samples = 0
        self._peak = 0

    def hear(self, packet: bytes) -> None:
        """Take an RTP packet; what is no sound of ours is passed over."""
        try:
            heard = parse(packet)
        except ValueError:
            return
        if heard.payload_type == _PCMU:
            self._samples += len(heard.payload)
            self._peak = max(self._peak, *map(_LEVELS.__getitem__, heard.payload), 0)

    def spoken(self) -> Spoken | None:
        """What was said so far; None where nothing was."""
        if not self._samples:
            return None
        loud = 20 * math.log10(self._peak / _LOUDEST) if self._peak else None
        return Spoken(seconds=self._samples / _SAMPLE_RATE, peak_db=loud)


def _level(code: int) -> int:
    """How far from silence a sample of G.711 (ITU-T G.711, table 2a) is."""
    code = ~code & 0xFF
    return ((((code & 0x0F) << 3) + 0x84) << (code >> 4 & 0x07)) - 0x84


_LEVELS = [_level(code) for code in range(256)]
