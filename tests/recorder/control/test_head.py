from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tawny.recorder.control.head import Head, head_of
from tawny.recorder.control.model import Place
from tawny.wire.onvif import ptz
from tawny.wire.onvif.geometry import Range
from tawny.wire.onvif.ptz import Node, PtzConfiguration, PtzVector, Space, Spaces

WHOLE, HALF = Range(low=-1, high=1), Range(low=0, high=1)
GENERIC = Spaces(
    absolute_pan_tilt=(Space(uri=ptz.POSITION_SPACE, x=WHOLE, y=WHOLE),),
    absolute_zoom=(Space(uri=ptz.ZOOM_POSITION_SPACE, x=HALF),),
    relative_pan_tilt=(Space(uri=ptz.TRANSLATION_SPACE, x=WHOLE, y=WHOLE),),
    continuous_pan_tilt=(Space(uri=ptz.VELOCITY_SPACE, x=WHOLE, y=WHOLE),),
    continuous_zoom=(Space(uri=ptz.ZOOM_VELOCITY_SPACE, x=WHOLE),),
)
DEGREES = Spaces(
    absolute_pan_tilt=(Space(uri="urn:degrees", x=Range(low=-170, high=170), y=Range(low=-30, high=90)),),
    absolute_zoom=(Space(uri="urn:times", x=Range(low=1, high=30)),),
    continuous_pan_tilt=(Space(uri="urn:speed", x=Range(low=-7, high=7), y=Range(low=-5, high=5)),),
)


def test_generic_coordinates_go_as_they_are_without_naming_their_space() -> None:
    head = Head(profile="p", spaces=GENERIC)

    assert head.position(Place(pan=0.25, tilt=-0.5, zoom=0.75)) == PtzVector(pan=0.25, tilt=-0.5, zoom=0.75)
    assert head.velocity(Place(pan=-1.0)) == PtzVector(pan=-1.0, tilt=0.0)
    assert head.velocity(Place(zoom=0.5)) == PtzVector(zoom=0.5)


def test_coordinates_of_a_cameras_own_are_stretched_and_their_space_is_named() -> None:
    head = Head(profile="p", spaces=DEGREES)

    assert head.position(Place(pan=0.5, tilt=0.0, zoom=0.5)) == PtzVector(
        pan=85, tilt=30, zoom=15.5, pan_tilt_space="urn:degrees", zoom_space="urn:times"
    )
    assert head.velocity(Place(pan=0.5, tilt=-1)) == PtzVector(pan=3.5, tilt=-5, pan_tilt_space="urn:speed")


def test_the_generic_space_is_chosen_among_several() -> None:
    both = Spaces(absolute_pan_tilt=(*DEGREES.absolute_pan_tilt, *GENERIC.absolute_pan_tilt))

    assert Head(profile="p", spaces=both).position(Place(pan=0.5, tilt=0.5)) == PtzVector(pan=0.5, tilt=0.5)


def test_a_head_is_not_moved_in_ways_that_it_does_not_know() -> None:
    head = Head(profile="p", spaces=DEGREES)

    assert head.way(Place(pan=0.1, tilt=0.1)) is None
    assert head.velocity(Place(zoom=1)) is None
    assert head.position(Place()) is None


@given(st.floats(-1, 1), st.floats(-1, 1), st.floats(0, 1), st.sampled_from([GENERIC, DEGREES]))
def test_where_a_head_is_told_to_go_is_where_it_says_it_is(
    pan: float, tilt: float, zoom: float, spaces: Spaces
) -> None:
    head = Head(profile="p", spaces=spaces)

    place = head.place(head.position(Place(pan=pan, tilt=tilt, zoom=zoom)))

    assert place is not None
    assert (place.pan, place.tilt, place.zoom) == pytest.approx((pan, tilt, zoom), abs=1e-5)


def test_a_place_that_is_told_out_of_bounds_is_brought_within() -> None:
    head = Head(profile="p", spaces=GENERIC)

    assert head.place(PtzVector(zoom=7.0)) == Place(zoom=1.0)
    assert head.place(None) is None


def configuration(**spaces: Any) -> PtzConfiguration:
    return PtzConfiguration(token="c", node="n", **spaces)


def test_a_camera_that_tells_no_nodes_can_do_what_its_configuration_speaks_of() -> None:
    head = head_of("p", configuration(continuous_pan_tilt_space=ptz.VELOCITY_SPACE), [], None)

    assert (head.pans, head.zooms, head.goes_to, head.goes_by, head.home) == (True, False, False, False, False)


def test_the_only_node_is_taken_whatever_it_is_called() -> None:
    head = head_of("p", configuration(), [Node(token="other", spaces=GENERIC, home=True, most_presets=9)], None)

    assert (head.pans, head.home, head.most_presets) == (True, True, 9)


def test_the_camera_is_told_to_stop_by_itself_only_where_it_knows_of_that() -> None:
    node = Node(token="n", spaces=GENERIC)

    assert head_of("p", configuration(), [node], None).timeout_s is None
    assert head_of("p", configuration(), [node], Range(low=1, high=3)).timeout_s == 3
