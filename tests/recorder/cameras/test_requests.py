import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tawny.recorder.cameras.requests import Address, Request, address, camera_name
from tawny.runtime.problem import Kind, Problem


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("rtsp://192.0.2.7/live", Address(url="rtsp://192.0.2.7/live")),
        ("  RTSP://Camera.Lan:8554/a?b=c&d ", Address(url="rtsp://camera.lan:8554/a?b=c&d")),
        ("rtsp://192.0.2.7:554/", Address(url="rtsp://192.0.2.7/")),
        ("RTSPS://192.0.2.7:322/a", Address(url="rtsps://192.0.2.7/a")),
        ("rtsps://192.0.2.7:554/a", Address(url="rtsps://192.0.2.7:554/a")),
        ("rtsp://192.0.2.7", Address(url="rtsp://192.0.2.7")),
        ("rtsp://[fd00::20]:8554/x", Address(url="rtsp://[fd00::20]:8554/x")),
        ("rtsp://admin:pa%40ss@192.0.2.7/x", Address(url="rtsp://192.0.2.7/x", user="admin", password="pa@ss")),
        ("rtsp://admin:p@ss#1@192.0.2.7/x", Address(url="rtsp://192.0.2.7/x", user="admin", password="p@ss#1")),
        ("rtsp://admin@192.0.2.7/x", Address(url="rtsp://192.0.2.7/x", user="admin")),
        # Hikvision's and Dahua's own paths stay as they are, odd characters and all
        ("rtsp://h/Streaming/Channels/101?x=[1]", Address(url="rtsp://h/Streaming/Channels/101?x=[1]")),
        ("rtsp://h/cam/realmonitor?channel=1&subtype=0", Address(url="rtsp://h/cam/realmonitor?channel=1&subtype=0")),
    ],
)
def test_an_address_is_read_without_its_login(typed: str, read: Address) -> None:
    assert address(typed) == read


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "192.0.2.7",
        "http://192.0.2.7/",
        "rtspu://192.0.2.7/",
        "rtsp://",
        "rtsp:///live",
        "rtsp://admin:secret@/live",
        "rtsp://192.0.2.7:0/",
        "rtsp://192.0.2.7:65536/",
        "rtsp://192.0.2.7:port/",
        "rtsp://192.0.2.7:٣/",
        "rtsp://fd00::20/live",
        "rtsp://192.0.2.7/li ve",
        "rtsp://<img>/",
        "rtsp://admin%0d%0aX:secret@192.0.2.7/",
        "rtsp://admin:se/cret@192.0.2.7/",
    ],
)
def test_what_is_no_camera_address_is_refused_naming_the_field_and_never_the_secret(typed: str) -> None:
    with pytest.raises(Problem) as caught:
        address(typed, name="sub_url")

    assert caught.value.kind is Kind.INVALID
    assert caught.value.extra == {"field": "sub_url"}
    assert "cret" not in str(caught.value.document())


@given(text=st.text(max_size=80))
@settings(max_examples=150)
def test_any_other_text_is_an_address_or_a_problem(text: str) -> None:
    try:
        found = address("rtsp://" + text)
    except Problem:
        return
    assert found.url.isascii() or not found.url.split("/")[2].isascii()
    assert address(found.url).url == found.url


@pytest.mark.parametrize("name", ["<img src=x onerror=alert(1)>", "Vchod č. 1", "门口", "👨‍👩‍👧", "x" * 64])
def test_any_text_is_a_name(name: str) -> None:
    assert camera_name(f"  {name} ") == name


@pytest.mark.parametrize("name", ["", "   ", "x" * 65])
def test_an_empty_or_overlong_name_is_refused(name: str) -> None:
    with pytest.raises(Problem) as caught:
        camera_name(name)
    assert caught.value.extra == {"field": "name"}


@pytest.mark.parametrize("value", [None, 3, ["a"], "line\nbreak", "nul\0", "\ud800", "x" * 257])
def test_what_is_not_plain_text_is_refused(value: object) -> None:
    with pytest.raises(Problem) as caught:
        Request({"user": value}).text("user")
    assert caught.value.extra == {"field": "user"}


def test_a_flag_is_true_or_false_only() -> None:
    with pytest.raises(Problem):
        Request({"sound": 1}).flag("sound", default=False)
    assert Request({}).flag("sound", default=True)


def test_a_member_that_nobody_reads_is_refused() -> None:
    request = Request({"name": "Gate", "pasword": "x"})
    request.text("name")

    with pytest.raises(Problem) as caught:
        request.finish()

    assert caught.value.extra == {"field": "pasword"}


@pytest.mark.parametrize("value", [0, 361, 1.5, True, "7", None])
def test_a_number_out_of_its_bounds_is_refused_by_its_name(value: object) -> None:
    with pytest.raises(Problem) as caught:
        Request({"days": value}).whole("days", least=1, most=360)

    assert (caught.value.kind, caught.value.extra["field"]) == (Kind.INVALID, "days")


def test_an_optional_number_may_be_null() -> None:
    assert Request({"days": None}).whole("days", least=1, most=360, optional=True) is None
    assert Request({"days": 360}).whole("days", least=1, most=360, optional=True) == 360


def test_a_choice_is_one_of_what_there_is() -> None:
    assert Request({}).choice("transport", ["automatic", "udp"], "automatic") == "automatic"
    with pytest.raises(Problem) as caught:
        Request({"transport": "pigeon"}).choice("transport", ["automatic", "udp"])
    assert caught.value.extra == {"field": "transport"}


def test_a_fingerprint_is_read_as_cameras_show_it() -> None:
    shown = ":".join(["AB"] * 32)

    assert Request({"fingerprint": shown}).fingerprint("fingerprint") == "ab" * 32
    with pytest.raises(Problem):
        Request({"fingerprint": "ab"}).fingerprint("fingerprint")


def test_objects_of_a_list_are_requests_of_their_own() -> None:
    channels = Request({"channels": [{"name": "Gate"}, {"name": "Yard"}]}).members("channels", most=2)

    assert [channel.text("name") for channel in channels] == ["Gate", "Yard"]
    refused: list[object] = [[], ["x"], "x", [{}, {}, {}]]
    for bad in refused:
        with pytest.raises(Problem) as caught:
            Request({"channels": bad}).members("channels", most=2)
        assert caught.value.extra == {"field": "channels"}


def test_a_moment_is_read_with_its_zone() -> None:
    assert Request({"from": "1970-01-01T01:00:01+01:00"}).moment("from") == 1_000_000
    assert Request({}).moment("until", optional=True) is None


@pytest.mark.parametrize("value", ["yesterday", 5, "2026-11-22T17:04:05", None])
def test_what_is_no_moment_is_refused_by_its_name(value: object) -> None:
    with pytest.raises(Problem) as caught:
        Request({"from": value}).moment("from")

    assert caught.value.extra["field"] == "from"


@pytest.mark.parametrize("value", [[], ["a", 1], ["x" * 65], ["a"] * 4, "a", None, ["a\n"]])
def test_what_is_no_list_of_texts_is_refused_by_its_name(value: object) -> None:
    with pytest.raises(Problem) as caught:
        Request({"cameras": value}).texts("cameras", most=3)

    assert caught.value.extra["field"] == "cameras"
    assert Request({"cameras": ["a", "b"]}).texts("cameras", most=3) == ["a", "b"]
