import math

import pytest

from tawny.camera.loudspeaker import Loudspeaker, Spoken, Talk
from tawny.wire.rtp import RtpStream


def packets(payload: bytes, payload_type: int = 0) -> list[bytes]:
    stream = RtpStream(payload_type=payload_type, ssrc=1, sequence=2)
    return stream.packets_of([payload], 0, marker=False)


def test_what_is_said_is_measured_by_its_length_and_its_loudest_sample() -> None:
    talk = Talk()

    for packet in packets(b"\xff" * 160) + packets(b"\x80" + b"\xff" * 159):
        talk.hear(packet)

    spoken = talk.spoken()
    assert spoken is not None
    assert spoken.seconds == 320 / 8000
    assert spoken.peak_db == pytest.approx(0.0, abs=0.01)


def test_half_as_loud_is_six_decibels_less() -> None:
    talk = Talk()

    talk.hear(packets(b"\x8f" * 160)[0])

    spoken = talk.spoken()
    assert spoken is not None
    assert spoken.peak_db is not None
    assert spoken.peak_db == pytest.approx(20 * math.log10(16_764 / 32_124), abs=0.5)


def test_silence_has_a_length_and_no_level() -> None:
    talk = Talk()

    talk.hear(packets(b"\xff" * 80)[0])

    assert talk.spoken() == Spoken(seconds=0.01, peak_db=None)


@pytest.mark.parametrize("packet", [b"", b"no sound", packets(b"\x00" * 160, payload_type=8)[0]])
def test_what_is_no_sound_of_ours_is_passed_over(packet: bytes) -> None:
    talk = Talk()

    talk.hear(packet)

    assert talk.spoken() is None


def test_only_the_last_things_said_are_remembered() -> None:
    loudspeaker = Loudspeaker()

    for number in range(100):
        loudspeaker.told(Spoken(seconds=float(number), peak_db=None))

    assert [spoken.seconds for spoken in loudspeaker.spoken] == [float(number) for number in range(84, 100)]
