from collections.abc import Callable, Sequence
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tawny.wire.auth import asking
from tawny.wire.rtsp.client import Client, LowerTransport, Redirected, RtspError, UdpPath
from tawny.wire.rtsp.headers import UdpServer
from tawny.wire.rtsp.messages import Headers, Interleaved, Request
from tawny.wire.sdp import MediaDescription, SessionDescription, session_description
from tawny.wire.tries import Tries
from tests.wire.rtsp.talk import (
    SOUND,
    VIDEO,
    answered,
    camera_of,
    handshake,
    new_client,
    new_server,
    requests,
    response,
)

SDP = session_description([VIDEO, SOUND], name="gate", session_id=1, address="192.0.2.1")
RTP = Interleaved(channel=0, payload=bytes(12)).encode()


def test_a_camera_is_led_to_play_all_wanted_tracks() -> None:
    client = new_client()
    info = ("RTP-Info", "url=track=2;seq=5;rtptime=6,url=rtsp://cam/gate/main/track=1;seq=1;rtptime=2")

    asked = handshake(client, camera_of(SDP, changes={"PLAY": response(200, info)}))

    assert [(r.method, r.url) for r in asked] == [
        ("OPTIONS", "rtsp://cam/gate/main"),
        ("DESCRIBE", "rtsp://cam/gate/main"),
        ("SETUP", "rtsp://cam/gate/main/track=1"),
        ("SETUP", "rtsp://cam/gate/main/track=2"),
        ("PLAY", "rtsp://cam/gate/main"),
    ]
    assert asked[3].headers.get("Session") == "42"
    assert asked[4].headers.get("Range") == "npt=0.000-"
    assert client.playing is not None
    assert (client.playing.session, client.playing.timeout_s, client.playing.server) == ("42", 30, "Cam/1")
    found = [
        (t.media, t.rtp_channel, t.rtcp_channel, t.first_sequence, t.first_timestamp) for t in client.playing.tracks
    ]
    assert found == [(VIDEO, 0, 1, 1, 2), (SOUND, 2, 3, 5, 6)]


def test_requests_are_numbered_and_never_hold_the_login_of_the_address() -> None:
    client = new_client("rtsp://me:secret@cam/gate/main")

    asked = handshake(client, camera_of(SDP, headers=[("Content-Base", "rtsp://me:secret@cam/gate/main/")]))

    assert [r.headers.get("CSeq") for r in asked] == ["1", "2", "3", "4", "5"]
    assert all(b"secret" not in r.encode() for r in asked)


def test_only_wanted_media_are_set_up() -> None:
    client = new_client(wants=lambda d: [m for m in d.media if m.kind == "audio"])

    asked = handshake(client, camera_of(SDP))

    assert [r.url for r in asked if r.method == "SETUP"] == ["rtsp://cam/gate/main/track=2"]


def test_the_camera_may_choose_the_channels() -> None:
    client = new_client(wants=lambda d: d.media[:1])
    transport = ("Transport", "RTP/AVP/TCP;unicast;interleaved=8-9")

    handshake(client, camera_of(SDP, changes={"SETUP": response(200, ("Session", "1"), transport)}))

    assert client.playing is not None
    assert (client.playing.tracks[0].rtp_channel, client.playing.tracks[0].rtcp_channel) == (8, 9)


def test_a_camera_without_sessions_is_not_told_of_an_empty_one() -> None:
    client = new_client(wants=lambda d: d.media[:1])

    asked = handshake(client, camera_of(SDP, changes={"SETUP": response(200)}))

    assert client.playing is not None
    assert client.playing.tracks[0].rtp_channel == 0
    assert all(not r.headers.all("Session") for r in [*asked, *requests(client.keepalive())])


def test_two_tracks_on_one_channel_are_refused() -> None:
    transport = ("Transport", "RTP/AVP/TCP;unicast;interleaved=0-1")

    with pytest.raises(ValueError, match="same channel"):
        handshake(new_client(), camera_of(SDP, changes={"SETUP": response(200, ("Session", "1"), transport)}))


@pytest.mark.parametrize(
    ("headers", "session_control", "track", "play"),
    [
        ([("Content-Base", "rtsp://cam/b/")], "*", "rtsp://cam/b/track=1", "rtsp://cam/b/"),
        ([("Content-Location", "rtsp://cam/l")], "*", "rtsp://cam/l/track=1", "rtsp://cam/l"),
        ([("Content-Base", "/b/")], "*", "rtsp://cam/b/track=1", "rtsp://cam/b/"),
        ([], "rtsp://cam/all?x=1", "rtsp://cam/gate/main/track=1", "rtsp://cam/all?x=1"),
    ],
)
def test_addresses_are_joined_to_the_base_that_the_camera_gives(
    headers: Sequence[tuple[str, str]], session_control: str, track: str, play: str
) -> None:
    client = new_client(wants=lambda d: d.media[:1])
    description = SDP.replace(b"a=control:*", b"a=control:" + session_control.encode())

    asked = handshake(client, camera_of(description, headers=headers))

    assert [r.url for r in asked[2:]] == [track, play]


def test_sound_that_cannot_be_set_up_does_not_cost_the_picture() -> None:
    client = new_client()
    base = camera_of(SDP)

    def camera(request: Request) -> bytes:
        return response(500) if request.url.endswith("track=2") else base(request)

    handshake(client, camera)

    assert client.playing is not None
    assert [track.media for track in client.playing.tracks] == [VIDEO]


def test_media_before_the_answer_to_play_are_kept_with_what_follows_it() -> None:
    client = new_client()
    late = Interleaved(channel=2, payload=b"late").encode()
    stale = Interleaved(channel=0, payload=b"of another session").encode()
    base = camera_of(SDP)

    def camera(request: Request) -> bytes:
        if request.method == "PLAY":
            return RTP + response(200) + late + b"$\0"
        return stale + base(request)

    handshake(client, camera)

    assert client.playing is not None
    assert client.unread == RTP + late + b"$\0"
    assert client.receive(b"\0\1x") == b""
    assert client.unread == RTP + late + b"$\0\0\1x"


def test_a_camera_that_sends_media_and_never_answers_is_given_up() -> None:
    client = new_client()
    flood = Interleaved(channel=0, payload=bytes(60_000)).encode() * 80

    with pytest.raises(ValueError, match="without answering PLAY"):
        handshake(client, camera_of(SDP, changes={"PLAY": flood}))


@given(cuts=st.lists(st.integers(0, 3000), max_size=12))
@settings(max_examples=60)
def test_answers_may_come_in_any_pieces(cuts: list[int]) -> None:
    client = new_client()
    server = new_server()
    out = client.start()
    while client.playing is None:
        answer, _ = answered(server, server.receive(out))
        answer += RTP if out.startswith(b"PLAY") else b""
        at = sorted({0, len(answer), *(cut for cut in cuts if cut < len(answer))})
        out = b"".join(client.receive(answer[a:b]) for a, b in pairwise(at))

    assert client.unread == RTP
    assert [t.first_sequence for t in client.playing.tracks] == [7, 7]


def test_a_camera_without_options_plays_all_the_same() -> None:
    client = new_client()

    handshake(client, camera_of(SDP, changes={"OPTIONS": response(501)}))

    assert client.playing is not None
    assert requests(client.keepalive())[0].method == "OPTIONS"


def test_a_provisional_answer_is_waited_out() -> None:
    client = new_client()
    client.start()

    assert client.receive(response(100)) == b""
    assert requests(client.receive(response(200)))[0].method == "DESCRIBE"


def test_a_camera_that_takes_no_range_is_asked_without() -> None:
    client = new_client()
    base = camera_of(SDP)

    def camera(request: Request) -> bytes:
        return response(457) if request.headers.get("Range") else base(request)

    handshake(client, camera)

    assert client.playing is not None


def logged_in(client: Client, **server: str) -> tuple[list[Request], Client]:
    machine = new_server(passwords=server)

    def camera(request: Request) -> bytes:
        return answered(machine, machine.receive(request.encode()))[0]

    return handshake(client, camera), client


def test_a_login_is_answered_and_kept() -> None:
    asked, client = logged_in(new_client(user="me", password="pä:ss"), me="pä:ss")

    assert client.playing is not None
    assert [r.method for r in asked] == ["OPTIONS", "DESCRIBE", "DESCRIBE", "SETUP", "SETUP", "PLAY"]
    assert all("SHA-256" in r.headers.get("Authorization") for r in asked[2:])


def test_the_login_of_the_address_is_used_unless_another_is_given() -> None:
    _, of_address = logged_in(new_client("rtsp://me:p%40ss@cam/gate/main"), me="p@ss")
    _, given = logged_in(new_client("rtsp://me:wrong@cam/gate/main", user="me", password="right"), me="right")

    assert of_address.playing is not None
    assert given.playing is not None


def test_a_wrong_password_is_tried_once_and_named_nowhere() -> None:
    asked: list[Request] = []
    machine = new_server(passwords={"me": "right"})

    def camera(request: Request) -> bytes:
        asked.append(request)
        return answered(machine, machine.receive(request.encode()))[0]

    with pytest.raises(RtspError) as refused:
        handshake(new_client("rtsp://me:wr0ng@cam/gate/main"), camera)

    assert (refused.value.status, refused.value.kind) == (401, "credentials")
    assert sum(r.headers.get("Authorization") != "" for r in asked) == 1
    assert "wr0ng" not in str(refused.value)


@pytest.mark.parametrize("status", [401, 403])
def test_a_refused_login_is_counted_and_no_other_sent_where_none_is_left(status: int) -> None:
    tries = Tries(1)
    asked: list[Request] = []

    def camera(request: Request) -> bytes:
        asked.append(request)
        if request.headers.get("Authorization"):
            return response(status, ("WWW-Authenticate", asking("cam", "n2")[1]))
        return challenge("n1", stale=False)

    for password in ("wr0ng", "right"):
        client = Client(
            "rtsp://cam/a", user="me", password=password, cnonce=lambda: "c", wants=lambda _: [], tries=tries
        )
        with pytest.raises(RtspError):
            handshake(client, camera)

    assert tries.left == 0
    assert sum(r.headers.get("Authorization") != "" for r in asked) == 1


def test_without_a_user_nothing_is_tried() -> None:
    with pytest.raises(RtspError) as refused:
        logged_in(new_client(), me="right")

    assert refused.value.kind == "credentials"


def challenge(nonce: str, *, stale: bool) -> bytes:
    return response(401, *(("WWW-Authenticate", line) for line in asking("cam", nonce, stale=stale)))


def test_a_camera_that_calls_every_nonce_stale_gets_two_tries() -> None:
    tries = 0

    def camera(request: Request) -> bytes:
        nonlocal tries
        tries += request.headers.get("Authorization") != ""
        return challenge(f"n{tries}", stale=True)

    with pytest.raises(RtspError):
        handshake(new_client(user="me", password="x"), camera)

    assert tries == 2


def test_a_new_nonce_for_a_proven_login_is_no_refusal() -> None:
    base = camera_of(SDP)
    client = new_client(user="me", password="x")

    def camera(request: Request) -> bytes:
        nonce = "later" if request.method in {"SETUP", "PLAY"} else "first"
        if f'nonce="{nonce}"' in request.headers.get("Authorization"):
            return base(request)
        return challenge(nonce, stale=False)

    handshake(client, camera)

    assert client.playing is not None


def test_a_kind_of_login_that_nobody_knows_is_said_so() -> None:
    with pytest.raises(RtspError, match="not supported") as refused:
        handshake(
            new_client(user="me", password="x"),
            lambda _: response(401, ("WWW-Authenticate", 'Digest realm="x", nonce="y", algorithm=NEW')),
        )

    assert refused.value.kind == "unsupported"


@pytest.mark.parametrize("offered", [["Basic"], ["Basic", "Digest"]])
def test_a_password_is_not_sent_as_it_is_unless_that_is_allowed(offered: list[str]) -> None:
    headers = {"Basic": 'Basic realm="x"', "Digest": 'Digest realm="x", nonce="y"'}
    client = Client(
        "rtsp://cam/a", user="me", password="secret", cnonce=lambda: "c", wants=lambda _: [], allow_basic=False
    )
    asked: list[Request] = []

    def camera(request: Request) -> bytes:
        asked.append(request)
        return response(401, *(("WWW-Authenticate", headers[each]) for each in offered))

    with pytest.raises(RtspError) as refused:
        handshake(client, camera)

    given = [request.headers.get("Authorization") or "" for request in asked]
    assert refused.value.kind == ("basic_only" if offered == ["Basic"] else "credentials")
    assert not any(each.startswith("Basic") for each in given)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (403, "credentials"),
        (404, "not_found"),
        (415, "unsupported"),
        (461, "unsupported"),
        (302, "other"),
        (503, "other"),
    ],
)
def test_what_the_camera_refuses_has_a_kind(status: int, kind: str) -> None:
    with pytest.raises(RtspError) as refused:
        handshake(new_client(), camera_of(SDP, changes={"DESCRIBE": response(status)}))

    assert (refused.value.status, refused.value.kind) == (status, kind)


def test_a_camera_that_insists_on_udp_is_unsupported() -> None:
    udp = response(200, ("Session", "1"), ("Transport", "RTP/AVP;unicast;client_port=5000-5001"))

    with pytest.raises(RtspError, match="over TCP") as refused:
        handshake(new_client(), camera_of(SDP, changes={"SETUP": udp}))

    assert refused.value.kind == "unsupported"


def test_nothing_wanted_is_unsupported_and_the_caller_may_say_so_itself() -> None:
    with pytest.raises(RtspError, match="no media of use"):
        handshake(new_client(wants=lambda _: ()), camera_of(SDP))

    def raising(_: SessionDescription) -> Sequence[MediaDescription]:
        raise LookupError("only AV1")

    with pytest.raises(LookupError, match="only AV1"):
        handshake(new_client(wants=raising), camera_of(SDP))


def test_a_camera_that_describes_nothing_is_unsupported() -> None:
    with pytest.raises(RtspError, match="no media") as refused:
        handshake(new_client(), camera_of(b"v=0\r\n"))

    assert refused.value.kind == "unsupported"


@pytest.mark.parametrize(
    "data", [b"HTTP/1.1 400 Bad Request\r\n\r\n", b"SSH-2.0-OpenSSH\r\n", bytes(100), b"RTSP/1.0 what\r\n\r\n"]
)
def test_a_server_of_another_kind_is_a_value_error(data: bytes) -> None:
    client = new_client()
    client.start()

    with pytest.raises(ValueError, match="RTSP"):
        client.receive(data)


def test_a_hostile_reason_is_cut_and_cleaned() -> None:
    text = b"RTSP/1.0 500 \x1b[31m" + b"x" * 5000 + b"\r\n\r\n"

    with pytest.raises(RtspError) as refused:
        handshake(new_client(), camera_of(SDP, changes={"DESCRIBE": text}))

    assert str(refused.value) == "500 [31m" + "x" * 116


def playing(*, user: str = "", **changes: bytes) -> Client:
    client = new_client(user=user, password="secret")
    handshake(client, camera_of(SDP, changes=changes))
    assert client.playing is not None
    return client


def test_a_session_is_kept_alive_as_the_camera_offers() -> None:
    (request,) = requests(playing().keepalive())

    assert (request.method, request.url, request.headers.get("Session")) == (
        "GET_PARAMETER",
        "rtsp://cam/gate/main",
        "42",
    )


def test_an_offer_that_does_not_hold_is_not_taken_again() -> None:
    client = playing()
    client.keepalive()

    assert client.reply(response(405)) == b""
    assert requests(client.keepalive())[0].method == "OPTIONS"


def test_a_stale_nonce_while_playing_is_answered_anew() -> None:
    client = playing(user="me")
    client.reply(challenge("one", stale=False))
    client.reply(response(200))

    (again,) = requests(client.reply(challenge("two", stale=True)))

    assert again.method == "GET_PARAMETER"
    assert 'nonce="two"' in again.headers.get("Authorization")
    with pytest.raises(RtspError):
        client.reply(challenge("three", stale=True))


def test_a_session_that_the_camera_has_forgotten_is_an_error() -> None:
    with pytest.raises(RtspError) as gone:
        playing().reply(response(454))

    assert gone.value.status == 454


def test_a_camera_that_asks_something_itself_gets_an_answer() -> None:
    client = playing()
    ask = Request(method="OPTIONS", url="rtsp://us/", headers=Headers([("CSeq", "77")])).encode()
    record = Request(method="RECORD", url="rtsp://us/", headers=Headers([("CSeq", "78")])).encode()

    assert client.reply(ask) == b"RTSP/1.0 200 OK\r\nCSeq: 77\r\n\r\n"
    assert client.reply(record).startswith(b"RTSP/1.0 501")


def test_leaving_is_said() -> None:
    (request,) = requests(playing().teardown())

    assert (request.method, request.headers.get("Session")) == ("TEARDOWN", "42")


@given(data=st.lists(st.one_of(st.binary(max_size=30), st.sampled_from([response(200), response(401), RTP, SDP]))))
@settings(max_examples=100)
def test_any_answers_lead_to_playing_waiting_or_a_clear_error(data: list[bytes]) -> None:
    client = new_client(user="me", password="secret")
    client.start()
    said = ""

    try:
        for piece in data:
            client.receive(piece)
    except (ValueError, RtspError) as error:
        said = str(error)

    assert "secret" not in said
    assert said or client.playing is None


UDP_THEN_TCP = (LowerTransport.UDP, LowerTransport.TCP)


def udp_client(*transports: LowerTransport) -> Client:
    ports = iter(range(5000, 6000, 2))
    return Client(
        "rtsp://cam/gate/main",
        cnonce=lambda: "cnonce",
        wants=lambda d: d.media,
        transports=transports,
        udp_port=lambda: next(ports),
    )


def test_over_udp_each_track_has_a_pair_of_ports_at_both_ends() -> None:
    client = udp_client(*UDP_THEN_TCP)
    transport = ("Transport", "RTP/AVP;unicast;client_port=5000-5001;source=192.0.2.7;server_port=7000-7001")

    asked = handshake(client, camera_of(SDP, changes={"SETUP": response(200, ("Session", "1"), transport)}))

    assert [r.headers.get("Transport") for r in asked if r.method == "SETUP"] == [
        "RTP/AVP;unicast;client_port=5000-5001",
        "RTP/AVP;unicast;client_port=5002-5003",
    ]
    assert client.playing is not None
    server = UdpServer(rtp_port=7000, rtcp_port=7001, source="192.0.2.7")
    assert [(t.rtp_channel, t.udp) for t in client.playing.tracks] == [
        (0, UdpPath(port=5000, server=server)),
        (2, UdpPath(port=5002, server=server)),
    ]


def only(word: str) -> Callable[[Request], bytes]:
    """A camera that takes only transports with *word* in them."""
    usual = camera_of(SDP)

    def answer(request: Request) -> bytes:
        offered = request.headers.get("Transport")
        if request.method != "SETUP":
            return usual(request)
        return usual(request) if word == "TCP" and "TCP" in offered else response(461)

    return answer


def test_a_camera_that_refuses_udp_is_asked_for_tcp() -> None:
    client = udp_client(*UDP_THEN_TCP)

    asked = handshake(client, only("TCP"))

    offered = [r.headers.get("Transport").split(";")[0] for r in asked if r.method == "SETUP"]
    assert offered == ["RTP/AVP", "RTP/AVP/TCP", "RTP/AVP/TCP"]
    assert client.playing is not None
    assert all(track.udp is None for track in client.playing.tracks)


def test_a_camera_that_answers_udp_with_channels_means_the_connection() -> None:
    client = udp_client(LowerTransport.UDP)

    handshake(client, camera_of(SDP))

    assert client.playing is not None
    assert [(t.rtp_channel, t.udp) for t in client.playing.tracks] == [(0, None), (2, None)]


def test_a_camera_that_refuses_every_transport_is_said_to() -> None:
    with pytest.raises(RtspError, match="461") as raised:
        handshake(udp_client(*UDP_THEN_TCP), camera_of(SDP, changes={"SETUP": response(461)}))

    assert raised.value.kind == "unsupported"


@pytest.mark.parametrize(
    ("location", "url"),
    [
        ("rtsp://cam:8554/other", "rtsp://cam:8554/other"),
        ("rtsp://me:secret@elsewhere/x", "rtsp://elsewhere/x"),
        ("/other", "rtsp://cam/other"),
    ],
)
def test_a_camera_that_refers_elsewhere_is_not_followed_by_the_client_itself(location: str, url: str) -> None:
    moved = response(302, ("Location", location))

    with pytest.raises(Redirected) as raised:
        handshake(new_client(), camera_of(SDP, changes={"DESCRIBE": moved}))

    assert raised.value.url == url


def test_a_redirect_that_names_no_address_is_a_refusal() -> None:
    with pytest.raises(RtspError, match="302"):
        handshake(new_client(), camera_of(SDP, changes={"DESCRIBE": response(302)}))
