from tawny.wire.onvif import geometry
from tawny.wire.onvif.elements import make
from tawny.wire.onvif.geometry import Range, Rectangle, Size, Vector
from tests.wire.onvif.answers_in_words import answer, sent


def test_what_is_written_reads_back() -> None:
    corners = (Vector(x=-1, y=0.5), Vector(x=0.333333, y=0))
    held = sent(
        make(
            "tt:Held",
            geometry.write_size("tt:Resolution", Size(width=640, height=360)),
            geometry.write_rectangle("tt:Bounds", Rectangle(x=1, y=2, width=3, height=4)),
            geometry.write_range("tt:Range", Range(low=-0.5, high=10)),
            geometry.write_polygon("tt:Polygon", corners),
        )
    )

    assert geometry.read_size(held, "Resolution") == Size(width=640, height=360)
    assert geometry.read_rectangle(held, "Bounds") == Rectangle(x=1, y=2, width=3, height=4)
    assert geometry.read_range(held, "Range") == Range(low=-0.5, high=10)
    assert geometry.read_polygon(held, "Polygon") == corners


def test_a_size_without_extent_is_none() -> None:
    held = answer("<A><R><Width>0</Width><Height>360</Height></R><Bounds x='1' y='1' width='-3' height='4'/></A>")

    assert geometry.read_size(held, "R") is None
    assert geometry.read_sizes(held, "R") == ()
    assert geometry.read_rectangle(held, "Bounds") is None


def test_ends_that_were_swapped_are_put_in_order() -> None:
    held = answer("<A><R><Min>9</Min><Max>1</Max></R><Half><Min>1</Min></Half></A>")

    assert geometry.read_range(held, "R") == Range(low=1, high=9)
    assert geometry.read_range(held, "Half") is None


def test_a_value_is_brought_into_its_range() -> None:
    limits = Range(low=1, high=9)

    assert [limits.clamped(value) for value in (0, 5, 10)] == [1, 5, 9]
