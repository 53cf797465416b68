import pytest

from tawny.recorder.adding.advice import GENERAL, MENUS, advice, menus_of
from tawny.recorder.finding.makes import make_of


@pytest.mark.parametrize(
    ("called", "make"),
    [
        ("HIKVISION", "Hikvision"),
        ("AXIS", "Axis"),
        ("Amcrest", "Dahua"),
        ("TP-Link", "TP-Link"),
        ("Tapo", "TP-Link"),
        ("Reolink Innovation", "Reolink"),
        ("UNIVIEW", "Uniview"),
        ("Hanwha Vision", "Hanwha"),
        ("Samsung Techwin", "Hanwha"),
        ("Foscam Digital", "Foscam"),
        ("Anpviz", "Anpviz"),
        ("i-PRO", "Panasonic"),
    ],
)
def test_the_menus_are_known_by_what_cameras_call_their_make(called: str, make: str) -> None:
    assert make in menus_of(called).makes


def test_other_makes_get_general_words() -> None:
    assert menus_of("Nobody Ltd.") is GENERAL
    assert menus_of("") is GENERAL
    assert advice("Nobody Ltd.", "onvif") == GENERAL.onvif


def test_advice_is_never_empty_and_every_make_of_the_table_is_recognised_and_stands_there_once() -> None:
    makes = [make for menus in MENUS for make in menus.makes]

    assert len(set(makes)) == len(makes)
    assert [make_of(make) for make in makes] == makes
    assert all(
        advice(make, about)
        for make in makes
        for about in ("onvif", "user", "activation", "video", "key_frames", "clock", "password")
    )
