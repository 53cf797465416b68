from dataclasses import replace

import pytest

from tawny.recorder.onvif.media_services import media_services
from tawny.wire.onvif import media, media2, names
from tests.fakes.devices import FakeDevice


@pytest.mark.parametrize(
    ("has", "works", "expected"),
    [
        ({names.MEDIA, names.MEDIA2}, None, [media2, media]),
        ({names.MEDIA, names.MEDIA2}, True, [media2, media]),
        ({names.MEDIA, names.MEDIA2}, False, [media, media2]),
        ({names.MEDIA}, None, [media]),
        (set(), None, []),
    ],
)
def test_a_device_is_asked_by_what_it_has_and_media2_first_unless_that_fails(
    has: set[str], works: bool | None, expected: list[object]
) -> None:
    device = FakeDevice()
    device.services = frozenset(has)
    device.learned = replace(device.learned, media2=works)

    assert media_services(device) == expected
