"""Evidence as a whole: keys announced, heads named, stamped and kept by browsers; what is said where something is missing."""

import base64
import threading
from pathlib import Path

import pytest

from tawny.recorder.adapters.signing_key import open_keys
from tawny.recorder.archive.heads import Unsigned
from tawny.recorder.archive.ledger import Entry
from tawny.recorder.cameras.requests import Request
from tawny.recorder.evidence.methods import methods
from tawny.recorder.evidence.service import Evidence
from tawny.runtime.clock import SimulatedClock
from tawny.runtime.ids import new_id
from tawny.runtime.problem import Kind, Problem
from tawny.wire.evidence.chains import fingerprint, read_chain
from tawny.wire.evidence.statements import key_statement, read_signature
from tests.fakes.settings import FakeSettings
from tests.fakes.time_stamps import FakeTimeStamps

URL = "http://tsa.example/secret"


class Desk:
    """Evidence with a recorder's ledger that is a list."""

    def __init__(self, directory: Path) -> None:
        self.clock = SimulatedClock()
        self.stamps = FakeTimeStamps()
        self.entries: list[Entry] = []
        self.directory = directory
        self.evidence = Evidence(
            keys=open_keys(directory, clock=self.clock, recorder=lambda: "rec_1"),
            recorder=lambda: "rec_1",
            settings=FakeSettings(),
            stamps=self.stamps,
            clock=self.clock,
            new_id=new_id,
        )
        self.evidence._note = self.entries.append

    async def pass_(self, seconds: int) -> None:
        """Time passes; what the evidence tells is signed, as the archive has it signed."""
        for _ in range(0, seconds, 5):
            before = len(self.entries)
            await self.evidence.tick()
            if len(self.entries) > before:
                self.sign("recorder/2026-11-22", len(self.entries))
            for thread in threading.enumerate():
                if thread.name == "time stamp":
                    thread.join()
            self.clock.wait(5)

    def sign(self, ledger: str, size: int) -> None:
        self.evidence.heads.begin(Unsigned(volume="vol_1", ledger=ledger, size=size, root=bytes(32)))
        for answer in self.evidence.heads.answers("vol_1"):
            if answer.head is not None:
                self.evidence.heads.written(answer.head)

    def told(self, kind: str) -> list[Entry]:
        return [entry for entry in self.entries if entry["kind"] == kind]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


async def test_the_key_is_announced_at_every_start(desk: Desk) -> None:
    await desk.pass_(5)

    [entry] = desk.told("key")
    statement = key_statement(recorder="rec_1", key=entry["key"], utc=entry["since"])
    chain = read_chain(entry["certificate"])
    assert chain.key_id == entry["key"]
    assert chain.signed(statement, read_signature(entry["signature"]))

    again = Desk(desk.directory)
    await again.pass_(5)
    assert again.told("key")[0]["key"] == entry["key"]


async def test_every_minute_the_heads_that_changed_are_named(desk: Desk) -> None:
    await desk.pass_(5)
    desk.sign("cam_gate/2026-11-22", 3)
    desk.sign("cam_gate/2026-11-22", 4)
    desk.sign("cam_yard/2026-11-22", 1)

    await desk.pass_(180)

    [entry] = desk.told("heads")
    assert [(named["ledger"], named["size"]) for named in entry["heads"]] == [
        ("cam_gate/2026-11-22", 4),
        ("cam_yard/2026-11-22", 1),
    ]


async def test_after_a_quiet_while_a_head_is_named_at_once(desk: Desk) -> None:
    await desk.pass_(300)
    desk.sign("cam_gate/2026-11-22", 3)

    await desk.pass_(5)
    desk.sign("cam_gate/2026-11-22", 4)
    await desk.pass_(55)
    assert len(desk.told("heads")) == 1

    await desk.pass_(10)
    assert len(desk.told("heads")) == 2


async def test_many_heads_are_named_in_several_lines(desk: Desk) -> None:
    await desk.pass_(5)
    for number in range(40):
        desk.sign(f"cam_{number}/2026-11-22", 1)

    await desk.pass_(60)

    assert [len(entry["heads"]) for entry in desk.told("heads")] == [16, 16, 8]


async def test_a_head_that_covers_the_named_ones_is_stamped(desk: Desk) -> None:
    desk.evidence.set_tsa_url(URL)
    await desk.pass_(5)
    desk.sign("cam_gate/2026-11-22", 3)

    await desk.pass_(120)

    newest = desk.evidence.heads.remembered(desk.told("witnessed")[0]["head"])
    assert newest is not None
    assert newest.size == len(desk.entries) - 1  # up to the line that named the heads
    assert desk.stamps.asked == [(URL, newest.line())]
    assert desk.told("witnessed")[0]["service"] == "tsa.example"
    assert "secret" not in str(desk.entries)
    assert base64.b64decode(desk.told("witnessed")[0]["token"]).startswith(b"token of")
    assert desk.evidence.document()["witnessed"]["by"] == "tsa"


async def test_a_receipt_alone_is_not_stamped_again(desk: Desk) -> None:
    desk.evidence.set_tsa_url(URL)
    await desk.pass_(5)
    desk.sign("cam_gate/2026-11-22", 3)

    await desk.pass_(600)

    assert len(desk.stamps.asked) == 1


async def test_a_service_that_does_not_answer_is_told_in_time_and_asked_again(desk: Desk) -> None:
    desk.evidence.set_tsa_url(URL)
    desk.stamps.problem = Problem(Kind.UNREACHABLE, "The time-stamping service does not answer.", remedy="Check it.")
    await desk.pass_(5)
    desk.sign("cam_gate/2026-11-22", 3)

    await desk.pass_(120)
    assert desk.evidence.conditions() == []
    assert desk.evidence.document()["tsa"]["state"] == "failing"

    await desk.pass_(900)
    assert [condition.kind for condition in desk.evidence.conditions()] == ["evidence_tsa"]
    desk.stamps.problem = None
    await desk.pass_(900)
    assert desk.evidence.conditions() == []
    assert len(desk.told("witnessed")) == 1


async def test_a_browser_keeps_a_head_and_says_so_once(desk: Desk) -> None:
    call = methods(desk.evidence)
    await desk.pass_(5)
    head = call["evidence.heads"](Request({}))

    for _ in range(2):
        call["evidence.witnessed"](Request({"head": head["head"]["id"], "by": "app", "who": "ada"}))

    assert head["statement"].startswith("tawny head v1\nrec_1\nvol_1\nrecorder/2026-11-22\n")
    [receipt] = desk.told("witnessed")
    assert (receipt["head"], receipt["who"]) == (head["head"]["id"], "ada")


async def test_receipts_for_strange_heads_are_refused(desk: Desk) -> None:
    call = methods(desk.evidence)
    await desk.pass_(5)

    for params, kind in (
        ({"head": "led_x", "by": "app", "who": "ada"}, Kind.NOT_FOUND),
        ({"head": "led_x", "by": "tsa", "who": "ada"}, Kind.INVALID),
        ({"head": "led_x", "by": "app"}, Kind.INVALID),
    ):
        with pytest.raises(Problem) as caught:
            call["evidence.witnessed"](Request(params))
        assert caught.value.kind is kind


async def test_before_anything_was_signed_there_is_no_head(desk: Desk) -> None:
    assert desk.evidence.newest_head() == {"head": None, "statement": None}


async def test_a_rotation_is_announced_with_the_old_keys_signature(desk: Desk) -> None:
    await desk.pass_(5)

    document = await methods(desk.evidence)["evidence.rotate"](Request({"who": "ada"}))

    first, second = desk.told("key")
    statement = key_statement(recorder="rec_1", key=second["key"], utc=second["since"])
    assert second["previous"] == first["key"]
    assert read_chain(first["certificate"]).signed(statement, read_signature(second["signature"]))
    assert [key["id"] for key in document["keys"]] == [second["key"], first["key"]]


async def test_the_document_says_all_that_a_commissioning_sheet_needs(desk: Desk) -> None:
    await desk.pass_(5)
    desk.sign("cam_gate/2026-11-22", 3)

    document = methods(desk.evidence)["evidence.read"](Request({}))

    root = read_chain(document["chain"]).certificates[-1]
    assert document["recorder"] == "rec_1"
    assert document["root"]["fingerprint"] == fingerprint(root)
    assert document["key"]["kept_in"] == "file"
    assert document["newest_head"]["segments_to"] == "2026-11-22T12:00:05Z"
    assert document["tsa"] == {"url": "", "state": "off", "title": "No time-stamping service is set."}
    assert "PRIVATE" not in str(document)


async def test_a_key_that_cannot_be_opened_is_an_alarm_and_tried_again(desk: Desk) -> None:
    (desk.directory / "pkcs11.json").write_text("{}")

    await desk.pass_(5)

    [condition] = desk.evidence.conditions()
    assert condition.kind == "evidence_key"
    assert "not being signed" in condition.title
    with pytest.raises(Problem, match="can't be understood"):
        desk.evidence.document()

    (desk.directory / "pkcs11.json").unlink()
    await desk.pass_(65)
    assert desk.evidence.conditions() == []


async def test_the_address_of_a_service_is_checked_and_kept(desk: Desk) -> None:
    call = methods(desk.evidence)
    await desk.pass_(5)

    assert call["evidence.set"](Request({"tsa_url": f" {URL} "}))["tsa"]["url"] == URL
    with pytest.raises(Problem, match="begins with http"):
        call["evidence.set"](Request({"tsa_url": "file:///etc/passwd"}))
    assert desk.evidence.tsa_url == URL
