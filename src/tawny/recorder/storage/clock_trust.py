"""Whether the recorder's clock can be trusted, so that footage may go because of its age (design D5).

A recorder that starts in 1970, or whose clock somebody sets to next year, must not take its archive for old. Machines without any time server are
common behind firewalls, so a clock that goes on from where it was is trusted without one.
"""

import logging
from collections.abc import Callable
from enum import StrEnum
from typing import Any, Final, Protocol

from tawny.recorder.archive.ledger import Entry, moment
from tawny.runtime.clock import Clock
from tawny.runtime.problem import Problem

SETTING: Final = "clock"
STEP_US: Final = 2_000_000  # what ingest takes for a step too
DOUBTFUL_US: Final = 3_600_000_000  # so much older a step makes everything: more is worth a doubt
LONGEST_OFF_US: Final = 30 * 86_400_000_000  # a recorder that was off for longer waits for a time server
EARLIEST_US: Final = 1_767_225_600_000_000  # 2026: no Tawny ran before
SAVE_EVERY_S: Final = 600.0
_ANY_US: Final = 1 << 62

_log = logging.getLogger(__name__)


class Doubt(StrEnum):
    """What is wrong with the clock."""

    BEHIND = "behind"
    AHEAD = "ahead"


class Values(Protocol):
    """The part of the settings that keeps named values."""

    def value(self, name: str) -> Any:
        """See `Settings.value`."""
        ...

    def set_value(self, name: str, value: Any) -> None:
        """See `Settings.set_value`."""
        ...


class ClockTrust:
    """Watches the clock; `look` is called every few seconds.

    Invariants: the clock is compared with a line that runs on from the last moment at which it was trusted, so that a doubt ends only when the clock is
    back on it or a time server has set it, not because the recorder was started again; every step and every change of mind stands in the ledger.
    """

    def __init__(
        self,
        *,
        clock: Clock,
        synchronised: Callable[[], bool],
        settings: Values,
        note: Callable[[Entry], None],
        new_id: Callable[[str], str],
    ) -> None:
        self._clock = clock
        self._synchronised = synchronised
        self._settings = settings
        self._note = note
        self._new_id = new_id
        self._seen_us, self._seen_s = clock.utc_us(), clock.monotonic()
        self._save_at = 0.0
        self._ahead_us = 0  # as kept: how far ahead a doubted clock is
        self._line_us, self._slack_us = self._begin()
        self._looked = False
        self.doubt: Doubt | None = None

    @property
    def trusted(self) -> bool:
        return self._looked and self.doubt is None

    @property
    def title(self) -> str:
        """What there is to say about the clock; empty where there is nothing."""
        match self.doubt:
            case Doubt.BEHIND:
                return "The recorder's clock is behind the time at which it last recorded."
            case Doubt.AHEAD:
                return "The recorder's clock leapt ahead, and no time server has confirmed it."
            case None:
                return ""

    def look(self) -> None:
        """Compare the clock with what it should be."""
        now_us, now_s = self._clock.utc_us(), self._clock.monotonic()
        passed_us = int((now_s - self._seen_s) * 1e6)
        step_us = now_us - self._seen_us - passed_us
        if abs(step_us) > STEP_US:
            self._tell("step", self._seen_us + passed_us, now_us)
        self._line_us += passed_us
        self._seen_us, self._seen_s, self._looked = now_us, now_s, True
        self._judge(now_us)

    def _begin(self) -> tuple[int, int]:
        """Where the line stands at the start, and how far ahead of it the clock may be."""
        kept = self._settings.value(SETTING) or {}
        trusted_us, self._ahead_us = int(kept.get("trusted_us", 0)), int(kept.get("ahead_us", 0))
        if self._ahead_us:
            return self._seen_us - self._ahead_us, DOUBTFUL_US
        known_us = max(trusted_us, EARLIEST_US)
        return (
            known_us,
            LONGEST_OFF_US if trusted_us else _ANY_US,
        )  # at its very first start there is nothing to compare with

    def _judge(self, now_us: int) -> None:
        before, off_us = self.doubt, now_us - self._line_us
        self.doubt = None
        if not self._synchronised():
            if off_us < -DOUBTFUL_US:
                self.doubt = Doubt.BEHIND
            elif off_us > max(self._slack_us, DOUBTFUL_US):
                self.doubt = Doubt.AHEAD
        if self.doubt is not before:
            self._tell(str(self.doubt or "trusted"), self._line_us, now_us)
        if self.doubt is None:
            self._line_us, self._slack_us = now_us, DOUBTFUL_US
        self._keep(now_us, off_us if self.doubt is Doubt.AHEAD else 0)

    def _keep(self, now_us: int, ahead_us: int) -> None:
        """Remember until when the clock was trusted, and how far it is ahead of that."""
        due = self.doubt is None and self._seen_s >= self._save_at
        if not due and bool(ahead_us) == bool(self._ahead_us):
            return
        try:
            trusted_us = now_us if self.doubt is None else self._line_us
            self._settings.set_value(SETTING, {"trusted_us": trusted_us, "ahead_us": ahead_us})
        except Problem as problem:
            _log.warning("%s", problem.title)
            return
        self._ahead_us = ahead_us
        self._save_at = self._seen_s + SAVE_EVERY_S

    def _tell(self, what: str, from_us: int, to_us: int) -> None:
        head = {"id": self._new_id("led"), "utc": moment(to_us), "kind": "clock"}
        self._note({**head, "what": what, "from": moment(from_us), "to": moment(to_us)})
        _log.warning("the clock: %s, from %s to %s", what, moment(from_us), moment(to_us))
