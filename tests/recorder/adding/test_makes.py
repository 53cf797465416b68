import pytest

from tawny.recorder.adding.makes import GENERAL, MAKES, advice, make_of


@pytest.mark.parametrize(
    ("called", "known_as"),
    [
        ("HIKVISION", "hikvision"),
        ("AXIS", "axis"),
        ("Amcrest", "dahua"),
        ("TP-Link", "tapo"),
        ("Reolink Innovation", "reolink"),
        ("UNIVIEW", "uniview"),
        ("Hanwha Vision", "hanwha"),
        ("Samsung Techwin", "hanwha"),
        ("Foscam Digital", "foscam"),
        ("Anpviz", "anpviz"),
    ],
)
def test_a_make_is_known_by_what_its_cameras_call_it(called: str, known_as: str) -> None:
    assert known_as in make_of(called).known_as


def test_other_makes_get_general_words() -> None:
    assert make_of("Nobody Ltd.") is GENERAL
    assert make_of("") is GENERAL
    assert advice("Nobody Ltd.", "onvif") == GENERAL.onvif


def test_advice_is_never_empty_and_no_name_stands_for_two_makes() -> None:
    names = [name for make in MAKES for name in make.known_as]

    assert len(set(names)) == len(names)
    assert all(
        advice(name, about)
        for name in names
        for about in ("onvif", "user", "activation", "video", "key_frames", "clock", "password")
    )
