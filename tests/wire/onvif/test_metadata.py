import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tawny.wire.onvif import metadata
from tawny.wire.onvif.metadata import Box, Frame, Metadata, SeenObject
from tests.wire.onvif.test_events import MOTION

SEEN = Metadata(
    frames=(
        Frame(
            utc_us=1_768_332_313_250_000,
            source="v",
            objects=(
                SeenObject(
                    number=7,
                    box=Box(left=0.25, top=0.125, right=0.5, bottom=0.75),
                    kinds=(("Human", 0.9), ("Vehicle", 0.25)),
                ),
                SeenObject(number=8),
            ),
            gone=(3, 4),
        ),
    ),
    messages=(MOTION,),
)


def test_a_document_reads_back() -> None:
    assert metadata.read(metadata.write(SEEN)) == SEEN


def test_a_frames_own_coordinates_are_brought_to_the_picture() -> None:
    document = (
        '<MetadataStream><VideoAnalytics><Frame UtcTime="2026-01-13T19:25:13Z"><Transformation>'
        '<Translate x="-1" y="-1"/><Scale x="0.002" y="0.002"/></Transformation><Object ObjectId="1"><Appearance>'
        '<Shape><BoundingBox left="0" top="1000" right="500" bottom="500"/></Shape>'
        "<Class><ClassCandidate><Type>Human</Type><Likelihood>0.5</Likelihood></ClassCandidate></Class>"
        "</Appearance></Object></Frame></VideoAnalytics></MetadataStream>"
    )

    (seen,) = metadata.read(document.encode()).frames[0].objects

    assert seen == SeenObject(number=1, box=Box(left=0, top=0, right=0.5, bottom=0.5), kinds=(("Human", 0.5),))


def test_a_box_ends_at_the_edge_of_the_picture() -> None:
    document = metadata.write(SEEN).replace(b'left="-0.5"', b'left="-7"')

    assert metadata.read(document).frames[0].objects[0].box == Box(left=0, top=0.125, right=0.5, bottom=0.75)


def test_what_is_no_metadata_is_refused() -> None:
    with pytest.raises(ValueError, match="no metadata"):
        metadata.read(b"<html/>")


@given(st.binary(max_size=20), st.integers(0, 1500))
@settings(max_examples=80, deadline=None)
def test_spoilt_documents_are_read_or_refused(junk: bytes, at: int) -> None:
    whole = metadata.write(SEEN)

    for data in (junk, whole[:at] + junk, whole[:at] + junk + whole[at:]):
        try:
            read = metadata.read(data)
        except ValueError:
            continue
        assert all(0 <= seen.box.left <= 1 for frame in read.frames for seen in frame.objects if seen.box)
