"""A small archive that was really recorded, signed, named and stamped; tests harm copies of it."""

import base64
import json
from collections.abc import Callable
from pathlib import Path

from tawny.recorder.adapters.signing_key import open_keys
from tawny.recorder.archive.heads import Answer, Unsigned
from tawny.recorder.archive.ledger import Entry
from tawny.recorder.archive.model import StreamKey
from tawny.recorder.evidence.keys import Keys
from tawny.recorder.evidence.signing import HeadSigner
from tawny.recorder.evidence.witnesses import witnessed_entry
from tawny.runtime.ids import new_id
from tawny.wire.evidence.ledgers import HeadEntry
from tests.recorder.archive.building import MAIN, NOON_US, OTHER, SECOND, audio, formats, video
from tests.recorder.archive.rig import Rig

MINUTE = 60 * SECOND
RECORDER_ID = "rec_1"


class Recorded:
    """Records, on simulated time: minutes of one or more streams, two seconds each, on one volume or more."""

    def __init__(self, directory: Path, *, volumes: int = 1) -> None:
        self.signer: HeadSigner | None = None
        self.rig = Rig(directory, volumes=volumes, heads=_Later(lambda: self.signer))
        self.keys: Keys
        self.begin()
        self.rig.files.sync_volume(self.rig.data.root)  # keys sync themselves, unknown to these files

    def begin(self) -> None:
        """What each process does first: sign with the key in use."""
        self.keys = open_keys(self.rig.data.keys, clock=self.rig.clock, recorder=lambda: RECORDER_ID)
        self.signer = HeadSigner(recorder=lambda: RECORDER_ID, clock=self.rig.clock, new_id=new_id)
        self.signer.use(self.keys.open())

    def record(self, minute: int, *, key: StreamKey = MAIN, close: bool = True) -> None:
        at = NOON_US + minute * MINUTE
        self.rig.writer.open_segment(key, at, formats())
        for second in range(2):
            self.rig.writer.append(key, video(second, start_us=at))
            self.rig.writer.append(key, audio(second, start_us=at))
        if close:
            self.rig.writer.close_segment(key, at + 2 * SECOND)
        self.rig.cycle(4)

    def note(self, entry: Entry) -> None:
        """A line of the recorder's own ledger."""
        utc = "2026-11-22T12:30:00.000000Z"
        self.rig.writer.note("recorder", NOON_US, {"id": new_id("led"), "utc": utc, **entry})
        self.rig.cycle(3)

    def name_heads(self) -> None:
        """What the evidence service does every minute."""
        assert self.signer is not None
        self.note(
            {
                "kind": "heads",
                "heads": [
                    {"volume": h.volume, "ledger": h.ledger, "size": h.size, "root": h.root.hex()}
                    for h in self.signer.changed()
                ],
            }
        )

    def stamp(self, token: Callable[[bytes], bytes]) -> None:
        """A time stamp over the newest head of the recorder's ledger."""
        assert self.signer is not None
        head = self.signer.newest()
        assert head is not None
        self.note(witnessed_entry(head, by="tsa", token=base64.b64encode(token(head.line())).decode()))

    def deleted(self, minute: int) -> None:
        """The segment of that minute goes, as deletion has it go: a signed line, then no file."""
        [entry] = [e for e in self.entries() if e["kind"] == "segment" and e["from"].startswith(_text(minute))]
        gone = {k: entry[k] for k in ("stream", "file", "from", "to", "bytes", "sequence", "root")}
        told = {"id": new_id("led"), "utc": entry["utc"], "kind": "deleted", **gone, "cause": "depth"}
        self.rig.writer.note(MAIN.camera, NOON_US, told)
        self.rig.cycle(3)
        (self.rig.data.archive / MAIN.camera / "2026-11-22" / entry["file"]).unlink()

    def entries(self) -> list[Entry]:
        path = self.rig.data.archive / MAIN.camera / "2026-11-22" / "ledger.jsonl"
        return [json.loads(line) for line in path.read_text().splitlines()]


def ordinary(directory: Path) -> Recorded:
    """Ten minutes of two cameras, named; the recorder still runs."""
    recorded = Recorded(directory)
    for minute in range(10):
        recorded.record(minute)
        recorded.record(minute, key=OTHER)
    recorded.name_heads()
    return recorded


def _text(minute: int) -> str:
    return f"2026-11-22T12:{minute:02d}:00"


class _Later:
    """`Heads` that are made after the archive."""

    def __init__(self, signer: Callable[[], HeadSigner | None]) -> None:
        self._signer = signer

    def begin(self, asked: Unsigned) -> None:
        self._of().begin(asked)

    def answers(self, volume: str) -> list[Answer]:
        signer = self._signer()
        return [] if signer is None else signer.answers(volume)

    def written(self, head: HeadEntry) -> None:
        self._of().written(head)

    def chain(self, key: str) -> str:
        return self._of().chain(key)

    def _of(self) -> HeadSigner:
        signer = self._signer()
        assert signer is not None
        return signer
