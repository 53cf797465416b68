import pytest

from tawny.recorder.finding.makes import make_of


@pytest.mark.parametrize(
    ("said", "mac", "make"),
    [
        (("HIKVISION DS-2CD2143",), "", "Hikvision"),
        (("", "Rtsp Server", "Dahua/1.0"), "", "Dahua"),
        (("TL-IPC", "TP-Link"), "", "TP-Link"),
        (("IPC",), "ec:71:db:12:34:56", "Reolink"),
        (("praxis 2",), "02:00:00:00:00:01", ""),
    ],
)
def test_a_make_is_told_by_a_word_or_a_hardware_address(said: tuple[str, ...], mac: str, make: str) -> None:
    assert make_of(*said, mac=mac) == make
