"""Heads signed with the key in use, at once or when a slow key has answered."""

import threading

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from tawny.recorder.archive.heads import Answer, Unsigned
from tawny.recorder.evidence.keys import KeyInUse
from tawny.recorder.evidence.signing import HeadSigner
from tawny.runtime.clock import SimulatedClock
from tawny.runtime.ids import new_id
from tawny.wire.evidence.chains import verifies
from tests.wire.evidence.certificates import signed

ASKED = Unsigned(volume="vol_1", ledger="cam_gate/2026-11-22", size=3, root=bytes(32))


class SlowKey:
    """A key as a token keeps it: it answers once *ready*, and not at all while *away*."""

    def __init__(self, kept_in: str) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self.kept_in = kept_in
        self.asked, self.ready = threading.Event(), threading.Event()
        self.away = False

    @property
    def public_key(self) -> ec.EllipticCurvePublicKey:
        return self._key.public_key()

    def sign(self, statement: bytes) -> bytes:
        self.asked.set()
        if self.kept_in == "pkcs11":
            assert self.ready.wait(10)
        if self.away:
            raise OSError("the token is away")
        return signed(self._key, statement)


def in_use(key: SlowKey) -> KeyInUse:
    return KeyInUse(id="00" * 8, signing=key, chain="PEM", since_us=0, previous=None, signature="")


@pytest.fixture
def clock() -> SimulatedClock:
    return SimulatedClock()


@pytest.fixture
def signer(clock: SimulatedClock) -> HeadSigner:
    return HeadSigner(recorder=lambda: "rec_1", clock=clock, new_id=new_id)


def wait_for(signer: HeadSigner, volume: str = "vol_1") -> list[Answer]:
    """What the signer's thread answers; bounded by the thread's own steps."""
    found: list[Answer] = []
    pause = threading.Event()
    for _ in range(1000):
        found = signer.answers(volume)
        if found:
            break
        pause.wait(0.01)
    return found


def test_a_key_from_a_file_signs_at_once(signer: HeadSigner) -> None:
    key = SlowKey("file")
    signer.use(in_use(key))

    signer.begin(ASKED)

    [answer] = signer.answers("vol_1")
    assert answer.head is not None
    assert (answer.head.size, answer.head.utc) == (3, "2026-11-22T12:00:00.000000Z")
    assert verifies(key.public_key, answer.head.statement("rec_1"), answer.head.signature)
    assert signer.answers("vol_1") == []


def test_answers_go_to_the_volume_that_asked(signer: HeadSigner) -> None:
    signer.use(in_use(SlowKey("file")))

    signer.begin(ASKED)

    assert signer.answers("vol_2") == []
    assert len(signer.answers("vol_1")) == 1


def test_nobody_waits_for_a_key_in_a_token(signer: HeadSigner) -> None:
    key = SlowKey("pkcs11")
    signer.use(in_use(key))

    signer.begin(ASKED)
    before = signer.answers("vol_1")
    key.ready.set()

    assert before == []
    assert [answer.head is not None for answer in wait_for(signer)] == [True]


def test_a_key_in_a_token_that_hangs_says_for_how_long(signer: HeadSigner, clock: SimulatedClock) -> None:
    key = SlowKey("pkcs11")
    signer.use(in_use(key))

    signer.begin(ASKED)
    assert key.asked.wait(10)
    clock.wait(90)
    silent_s = signer.silent_s
    key.ready.set()

    assert silent_s == 90
    assert wait_for(signer)


def test_without_a_key_nothing_is_signed_and_nothing_fails(signer: HeadSigner) -> None:
    signer.begin(ASKED)

    assert signer.answers("vol_1") == [Answer(asked=ASKED, head=None)]


def test_a_failing_key_says_so_until_it_is_well(signer: HeadSigner) -> None:
    key = SlowKey("file")
    key.away = True
    signer.use(in_use(key))

    signer.begin(ASKED)
    assert (signer.failing, signer.answers("vol_1")) == (True, [Answer(asked=ASKED, head=None)])

    key.away = False
    signer.begin(ASKED)
    assert not signer.failing


def test_what_was_written_is_told_once_and_the_recorders_own_apart(signer: HeadSigner) -> None:
    signer.use(in_use(SlowKey("file")))
    for ledger in ("cam_gate/2026-11-22", "cam_gate/2026-11-22", "recorder/2026-11-22"):
        signer.begin(Unsigned(volume="vol_1", ledger=ledger, size=1, root=bytes(32)))
    heads = [answer.head for answer in signer.answers("vol_1") if answer.head is not None]
    for head in heads:
        signer.written(head)

    assert signer.changed() == [heads[1]]
    assert signer.changed() == []
    assert signer.newest() == heads[2]
    assert signer.remembered(heads[2].id) == heads[2]
    assert signer.remembered(heads[1].id) is None
