"""`Evidence`: the keys, the signing of heads, and witnesses, with what the recorder writes about them into its own ledger."""

import asyncio
import base64
import logging
from collections.abc import Callable
from typing import Any, Protocol

from tawny.recorder.archive.ledger import Entry, moment, read_moment
from tawny.recorder.evidence.keys import KeyInUse, Keys
from tawny.recorder.evidence.signing import HeadSigner
from tawny.recorder.evidence.witnesses import (
    FAILING_S,
    Stamped,
    TimeStamping,
    TimeStamps,
    check_url,
    host_of,
    witnessed_entry,
)
from tawny.recorder.storage.model import Condition, Severity
from tawny.runtime.clock import Clock, utc_us
from tawny.runtime.problem import Kind, Problem
from tawny.wire.evidence.chains import fingerprint
from tawny.wire.evidence.ledgers import HeadEntry
from tawny.wire.moments import rfc3339

_log = logging.getLogger(__name__)
HEADS_S = 60.0
TICK_S = 5.0
_KEY_AGAIN_S = 60.0
_SILENT_S = 60.0  # a TPM takes a second or two
_HEADS_A_LINE = 16  # heads named in one line, so that it stays short enough to stand in every export
_TSA_URL = "tsa_url"
Document = dict[str, Any]


class Settings(Protocol):
    """Where the address of the time-stamping service is kept."""

    def value(self, name: str) -> Any:
        """The JSON value last kept under *name*, None where there is none."""
        ...

    def set_value(self, name: str, value: Any) -> None:
        """Keep the JSON *value* under *name*. Problem where it can't be kept."""
        ...


class Evidence:
    """The recorder's evidence, used from one thread but for `heads`, which the archive's writers use.

    Invariant: nothing here waits for a disk, a token or a network, and none of them can stop recording.
    """

    def __init__(
        self,
        *,
        keys: Keys,
        recorder: Callable[[], str],
        settings: Settings,
        stamps: TimeStamps,
        clock: Clock,
        new_id: Callable[[str], str],
    ) -> None:
        self._keys = keys
        self._recorder = recorder
        self._settings = settings
        self.tsa_url = str(settings.value(_TSA_URL) or "")
        self._clock = clock
        self._new_id = new_id
        self.heads = HeadSigner(recorder=recorder, clock=clock, new_id=new_id)
        self._stamping = TimeStamping(stamps, clock)
        self._note: Callable[[Entry], None] = _nowhere
        self._key: KeyInUse | None = None
        self._problem: Problem | None = None
        self._rotating = asyncio.Lock()
        self._key_at = 0.0
        self._heads_at = 0.0
        self._named_after: str | None = None  # the newest head when heads were named last: only a later one covers that
        self._unwitnessed = False  # heads were named that no time stamp covers
        self._witnessed: tuple[int, str] | None = None
        self._seen: set[tuple[str, str]] = set()  # receipts: whose, of which head

    async def run(self, note: Callable[[Entry], None]) -> None:
        """Open the key, then name and offer heads until cancelled; *note* writes into the recorder's ledger."""
        self._note = note
        while True:
            await self.tick()
            await self._clock.sleep(TICK_S)

    async def tick(self) -> None:
        """What is due now."""
        now = self._clock.monotonic()
        if self._key is None and now >= self._key_at:
            self._key_at = now + _KEY_AGAIN_S
            await self._open_key()
        if now >= self._heads_at and self._name_heads():
            self._heads_at = now + HEADS_S
        self._offer()

    # Keys

    async def _open_key(self) -> None:
        try:
            key = await asyncio.to_thread(self._keys.open)  # a token takes its time
        except Problem as problem:
            if self._problem is None:
                _log.error("%s %s", problem.title, problem.remedy)
            self._problem = problem
        except (OSError, ValueError) as error:
            _log.error("the evidence key can't be made: %s", error)
            self._problem = Problem(
                Kind.UNAVAILABLE,
                "The evidence key can't be made or read.",
                remedy="Check that the recorder may write to its keys directory, and that there is room.",
            )
        else:
            self._use(key)

    def _use(self, key: KeyInUse) -> None:
        self._key, self._problem = key, None
        self.heads.use(key)
        # At every start, so that it stands in the ledger also where a crash came between making and announcing it.
        self._tell(
            {
                "kind": "key",
                "recorder": self._recorder(),
                "key": key.id,
                "since": rfc3339(key.since_us),
                "previous": key.previous,
                "signature": key.signature,
                "certificate": key.chain,
            }
        )

    async def rotate(self, who: str) -> None:
        """A new key signs from now on; the old one has signed for it."""
        async with self._rotating:
            key = await asyncio.to_thread(self._keys.rotate)
            _log.info("a new evidence key: %s, asked for by %s", key.id, who)
            self._use(key)

    # Heads and witnesses

    def _name_heads(self) -> bool:
        """Name the heads that changed; whether there are any: where there are none, the next is named as soon as it is there."""
        changed = self.heads.changed()
        newest = self.heads.newest()
        for at in range(0, len(changed), _HEADS_A_LINE):
            self._unwitnessed, self._named_after = True, newest.id if newest else None
            self._tell({"kind": "heads", "heads": [_named(head) for head in changed[at : at + _HEADS_A_LINE]]})
        return bool(changed)

    def _offer(self) -> None:
        """Have a head that covers the heads named last stamped."""
        if (done := self._stamping.finished()) is not None:
            self._stamped(done)
        newest = self.heads.newest()
        url = self.tsa_url
        if url and newest is not None and self._unwitnessed and newest.id != self._named_after:
            self._unwitnessed = self._stamping.offer(url, newest) is None

    def _stamped(self, done: Stamped) -> None:
        if done.stamp is None:
            self._unwitnessed = True
            return
        self._witnessed = self._clock.utc_us(), "tsa"
        token = base64.b64encode(done.stamp.token).decode()
        self._tell(
            witnessed_entry(done.head, by="tsa", service=host_of(done.url), at=moment(done.stamp.utc_us), token=token)
        )

    def set_tsa_url(self, url: str) -> None:
        """Use the time-stamping service at *url*, or none where it is empty. Problem where it is no address."""
        self._settings.set_value(_TSA_URL, check_url(url))
        self.tsa_url = url
        self._stamping.reset()

    def newest_head(self) -> Document:
        """The newest head of the recorder's ledger for a witness; nothing in it before there is one."""
        head = self.heads.newest()
        if head is None:
            return {"head": None, "statement": None}
        return {"head": head.entry(), "statement": head.statement(self._recorder()).decode()}

    def witnessed(self, head_id: str, *, by: str, who: str) -> None:
        """A receipt: *who* keeps the head. Problem where it is none of ours of the last hours."""
        head = self.heads.remembered(head_id)
        if head is None:
            raise Problem(Kind.NOT_FOUND, "The recorder signed no such head of late.")
        if (head_id, who) in self._seen:
            return
        if len(self._seen) > 4096:
            self._seen.clear()
        self._seen.add((head_id, who))
        self._witnessed = self._clock.utc_us(), by
        self._tell(witnessed_entry(head, by=by, who=who))

    def _tell(self, entry: Entry) -> None:
        self._note({"id": self._new_id("led"), "utc": moment(self._clock.utc_us()), **entry})

    # What there is to say

    def conditions(self) -> list[Condition]:
        """What is wrong with the evidence."""
        found = []
        if (problem := self._problem) is not None or self.heads.failing or self.heads.silent_s > _SILENT_S:
            title = problem.title if problem else "The evidence key does not sign."
            remedy = problem.remedy if problem else "Check the token that keeps it."
            found.append(
                Condition(
                    kind="evidence_key",
                    severity=Severity.WARNING,
                    title=f"Recordings are not being signed. {title}",
                    remedy=remedy,
                )
            )
        if (late := self._stamping.problem) is not None and self._stamping.failing_s > FAILING_S:
            found.append(
                Condition(kind="evidence_tsa", severity=Severity.WARNING, title=late.title, remedy=late.remedy)
            )
        return found

    def document(self) -> Document:
        """The `Evidence` document. Problem where there is no key."""
        key = self._key
        if key is None:
            raise self._problem or Problem(Kind.UNAVAILABLE, "The evidence key is still being opened.")
        root = self._keys.root()
        newest, footage = self.heads.moments()
        return {
            "recorder": self._recorder(),
            "root": {"fingerprint": fingerprint(root), "not_after": rfc3339(utc_us(root.not_valid_after_utc))},
            "key": {
                "id": key.id,
                "since": rfc3339(key.since_us),
                "kept_in": key.signing.kept_in,
                "title": _KEPT[key.signing.kept_in],
            },
            "keys": [
                {"id": one.id, "since": rfc3339(one.since_us), "until": one.until_us and rfc3339(one.until_us)}
                for one in self._keys.records()
            ],
            "newest_head": newest and {"at": _plain(newest), "segments_to": footage and _plain(footage)},
            "witnessed": self._witnessed and {"at": rfc3339(self._witnessed[0]), "by": self._witnessed[1]},
            "tsa": self._tsa_document(),
            "chain": key.chain,
        }

    def _tsa_document(self) -> Document:
        url, problem = self.tsa_url, self._stamping.problem
        if not url:
            return {"url": "", "state": "off", "title": "No time-stamping service is set."}
        if problem is not None:
            return {"url": url, "state": "failing", "title": problem.title}
        return {"url": url, "state": "ok", "title": "Heads are stamped by the time-stamping service."}


_KEPT = {
    "file": "The key is kept in a file that only the recorder can read.",
    "pkcs11": "The key is kept in a token and can't be copied.",
}


def _named(head: HeadEntry) -> Document:
    return {"volume": head.volume, "ledger": head.ledger, "size": head.size, "root": head.root.hex()}


def _plain(text: str) -> str:
    return rfc3339(read_moment(text))


def _nowhere(_: Entry) -> None:
    """Before the archive is there, nothing is told."""
