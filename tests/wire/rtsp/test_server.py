import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tawny.wire.auth import Login, challenges
from tawny.wire.rtsp.messages import Headers, Interleaved, MessageReader, Request, Response
from tawny.wire.rtsp.server import BACKCHANNEL, Describe, End, Event, Pause, Play, Received, Send, Server
from tawny.wire.sdp import MediaDescription, parse
from tests.wire.rtsp.talk import SOUND, VIDEO, answered, new_server

TCP = ("Transport", "RTP/AVP/TCP;unicast;interleaved=0-1")
URL = "rtsp://cam/gate/main"


def request(method: str, url: str = URL, *headers: tuple[str, str], body: bytes = b"", version: str = "1.0") -> bytes:
    lines = Headers([("CSeq", "5"), *headers])
    return Request(method=method, url=url, headers=lines, body=body, version=version).encode()


def ask(server: Server, *wire: bytes) -> tuple[list[Response], list[Event]]:
    sent, events = answered(server, server.receive(b"".join(wire)))
    reader = MessageReader()
    reader.feed(sent)
    found = []
    while (message := reader.next()) is not None:
        assert isinstance(message, Response)
        found.append(message)
    return found, events


def status(server: Server, *wire: bytes) -> int:
    responses, _ = ask(server, *wire)
    return responses[-1].status


def set_up(server: Server) -> str:
    (response,), _ = ask(server, request("SETUP", f"{URL}/track=1", TCP))
    assert response.status == 200
    return response.headers.get("Session").partition(";")[0]


def test_what_is_at_a_path_is_described() -> None:
    (response,), _ = ask(new_server(), request("DESCRIBE", URL, ("Accept", "application/sdp")))

    assert response.status == 200
    assert response.headers.get("Content-Base") == URL + "/"
    assert response.headers.get("Content-Type") == "application/sdp"
    assert parse(response.body).media == (VIDEO, SOUND)


def test_the_path_that_is_asked_for_is_decoded_and_without_query() -> None:
    events = new_server().receive(request("DESCRIBE", "rtsp://cam/my%20gate/main/?x=1"))

    assert events == [Describe(path="/my gate/main")]


def test_nothing_else_is_read_until_the_question_is_answered() -> None:
    server = new_server()

    events = server.receive(request("DESCRIBE") + request("OPTIONS"))
    rest = server.describe(None)

    assert events == [Describe(path="/gate/main")]
    assert len(rest) == 2


def test_tracks_are_set_up_and_played() -> None:
    server = new_server()
    session = set_up(server)
    second = ("Transport", "RTP/AVP/UDP;unicast;client_port=1-2,RTP/AVP/TCP;unicast;interleaved=6-7")
    ask(server, request("SETUP", f"{URL}/track=2", second, ("Session", session)))

    (response,), events = ask(server, request("PLAY", URL + "/", ("Session", session), ("Range", "npt=0.000-")))

    assert events == [Play(path="/gate/main", channels={"track=1": 0, "track=2": 6})]
    assert response.headers.get("RTP-Info") == (
        f"url={URL}/track=1;seq=7;rtptime=9000,url={URL}/track=2;seq=7;rtptime=9000"
    )


def test_set_up_needs_no_describe_before_and_tells_the_timeout() -> None:
    (response,), _ = ask(new_server(), request("SETUP", f"{URL}/track=1", TCP))

    assert response.headers.get("Transport") == "RTP/AVP/TCP;unicast;interleaved=0-1"
    assert response.headers.get("Session").endswith(";timeout=60")


def test_a_channel_that_is_taken_is_replaced_by_a_free_one() -> None:
    server = new_server()
    session = set_up(server)

    (response,), _ = ask(server, request("SETUP", f"{URL}/track=2", TCP, ("Session", session)))

    assert response.headers.get("Transport").endswith("interleaved=2-3")


def test_a_client_that_appends_to_a_query_finds_its_track() -> None:
    assert status(new_server(), request("SETUP", f"{URL}?a=1/track=1", TCP)) == 200


@pytest.mark.parametrize(
    ("wire", "expected"),
    [
        (request("DESCRIBE", "rtsp://cam/nothing"), 404),
        (request("SETUP", f"{URL}/track=9", TCP), 404),
        (request("SETUP", URL, TCP), 459),
        (request("SETUP", f"{URL}/track=1", ("Transport", "RTP/AVP;unicast;client_port=1-2")), 461),
        (request("SETUP", f"{URL}/track=1", ("Transport", "RTP/AVP/TCP;multicast;interleaved=0-1")), 461),
        (request("SETUP", f"{URL}/track=1"), 461),
        (request("PLAY"), 454),
        (request("PAUSE"), 454),
        (request("TEARDOWN"), 454),
        (request("GET_PARAMETER", URL, ("Session", "guess")), 454),
        (request("GET_PARAMETER"), 200),
        (request("GET_PARAMETER", body=b"packets_lost\r\n"), 451),
        (request("OPTIONS", "*"), 200),
        (request("RECORD"), 405),
        (request("DANCE"), 501),
        (request("OPTIONS", version="2.0"), 505),
        (request("PLAY", URL, ("Require", "onvif-replay")), 551),
        (b"OPTIONS * RTSP/1.0\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\n\r\n", 400),
    ],
)
def test_what_cannot_be_done_has_its_status(wire: bytes, expected: int) -> None:
    assert status(new_server(), wire) == expected


def test_an_option_that_is_required_and_unknown_is_named() -> None:
    (response,), _ = ask(new_server(), request("DESCRIBE", URL, ("Require", "onvif-replay")))

    assert response.headers.get("Unsupported") == "onvif-replay"


def test_another_path_or_track_is_refused_while_a_session_stands() -> None:
    server = new_server()
    session = ("Session", set_up(server))

    assert status(server, request("SETUP", "rtsp://cam/yard/main/track=1", TCP, session)) == 455
    assert status(server, request("PLAY", URL, session)) == 200
    assert status(server, request("SETUP", f"{URL}/track=2", TCP, session)) == 455


def test_playing_can_pause_and_go_on() -> None:
    server = new_server()
    session = ("Session", set_up(server))

    assert status(server, request("PAUSE", URL, session)) == 455
    assert ask(server, request("PLAY", URL, session))[1] == [Play(path="/gate/main", channels={"track=1": 0})]
    assert ask(server, request("PLAY", URL, session))[1] == []
    assert ask(server, request("PAUSE", URL, session))[1] == [Pause()]
    assert ask(server, request("PLAY", URL, session))[1] == [Play(path="/gate/main", channels={"track=1": 0})]


def test_leaving_ends_the_connection() -> None:
    server = new_server()
    session = ("Session", set_up(server))

    responses, events = ask(server, request("TEARDOWN", URL, session), request("OPTIONS"))

    assert [r.status for r in responses] == [200]
    assert events == [End()]


def test_packets_of_the_client_are_passed_on() -> None:
    assert new_server().receive(Interleaved(channel=1, payload=b"rr").encode()) == [Received(channel=1, payload=b"rr")]


def authorized(login: Login, method: str, url: str = URL) -> bytes:
    return request(method, url, ("Authorization", login.answer(method=method, uri=url)))


def challenged(server: Server, login: Login) -> Response:
    (response,), _ = ask(server, request("DESCRIBE"))
    login.challenge(challenges(response.headers.all("WWW-Authenticate")))
    return response


def test_nothing_but_options_is_answered_before_the_login() -> None:
    server, login = new_server(passwords={"me": "secret"}), Login("me", "secret", lambda: "c")

    assert status(server, request("OPTIONS")) == 200
    for method in ("DESCRIBE", "SETUP", "PLAY", "GET_PARAMETER", "TEARDOWN", "DANCE"):
        assert status(server, request(method)) == 401
    challenged(server, login)
    assert status(server, authorized(login, "DESCRIBE")) == 200


def test_a_nonce_ends_after_its_time_without_being_a_wrong_login() -> None:
    now = 0.0
    server, login = new_server(passwords={"me": "secret"}, now=lambda: now), Login("me", "secret", lambda: "c")
    challenged(server, login)
    now = 301.0

    (response,), _ = ask(server, authorized(login, "DESCRIBE"))
    login.challenge(challenges(response.headers.all("WWW-Authenticate")))

    assert "stale=true" in response.headers.get("WWW-Authenticate")
    assert status(server, authorized(login, "DESCRIBE")) == 200


def test_an_answer_overheard_on_another_connection_is_worth_nothing() -> None:
    server, login = new_server(passwords={"me": "secret"}), Login("me", "secret", lambda: "c")
    challenged(server, login)
    overheard = authorized(login, "DESCRIBE")
    elsewhere = new_server(passwords={"me": "secret"})
    elsewhere.receive(request("OPTIONS"))

    assert status(elsewhere, overheard) == 401


def test_five_wrong_logins_end_the_connection() -> None:
    server, login = new_server(passwords={"me": "secret"}), Login("me", "guess", lambda: "c")
    challenged(server, login)

    ends = [ask(server, authorized(login, "DESCRIBE"))[1] for _ in range(5)]

    assert ends == [[], [], [], [], [End()]]


@given(
    data=st.lists(
        st.one_of(
            st.binary(max_size=30),
            st.sampled_from(
                [request("DESCRIBE"), request("SETUP", f"{URL}/track=1", TCP), request("PLAY"), b"$\0\0\1x"]
            ),
        )
    )
)
@settings(max_examples=100)
def test_any_bytes_are_answered_or_end_the_connection(data: list[bytes]) -> None:
    server = new_server()
    ended = False
    for piece in data:
        _, events = answered(server, server.receive(piece))
        assert not (ended and events)
        ended = ended or End() in events


@pytest.mark.parametrize("profile", ["RTP/AVP", "RTP/AVP/UDP"])
def test_who_asks_for_udp_gets_it_where_there_are_ports(profile: str) -> None:
    server = new_server(udp_port=7000)

    (answer,), _ = ask(
        server, request("SETUP", f"{URL}/track=1", ("Transport", f"{profile};unicast;client_port=50-51"))
    )
    _, events = ask(server, request("PLAY", URL, ("Session", answer.headers.get("Session"))))

    assert answer.headers.get("Transport") == "RTP/AVP;unicast;client_port=50-51;server_port=7000-7001"
    assert events == [Play(path="/gate/main", channels={"track=1": 0}, ports={"track=1": (50, 51)})]


def test_a_track_that_is_set_up_anew_over_tcp_leaves_udp() -> None:
    server = new_server(udp_port=7000)
    udp = ("Transport", "RTP/AVP;unicast;client_port=50-51")

    ask(server, request("SETUP", f"{URL}/track=1", udp))
    session = set_up(server)
    _, events = ask(server, request("PLAY", URL, ("Session", session)))

    assert events == [Play(path="/gate/main", channels={"track=1": 0})]


def test_who_can_talk_is_told_what_it_can_talk_to_and_sends_it_interleaved_alone() -> None:
    server = new_server()
    require = ("Require", BACKCHANNEL)
    talk = MediaDescription(
        kind="audio", payload_type=0, encoding="PCMU", clock_rate=8000, control="track=4", direction="sendonly"
    )

    plain = server.receive(request("DESCRIBE", URL))
    server.describe([talk])
    (asked,) = server.receive(request("DESCRIBE", URL, require))
    (told,) = server.describe([talk])
    (udp,) = server.receive(
        request("SETUP", f"{URL}/track=4", require, ("Transport", "RTP/AVP;unicast;client_port=5000-5001"))
    )
    (tcp,) = server.receive(
        request("SETUP", f"{URL}/track=4", require, ("Transport", "RTP/AVP/TCP;unicast;interleaved=0-1"))
    )

    assert [event.talk for event in (*plain, asked) if isinstance(event, Describe)] == [False, True]
    assert isinstance(told, Send)
    assert b"a=sendonly" in told.data
    assert isinstance(udp, Send)
    assert udp.data.startswith(b"RTSP/1.0 461")
    assert isinstance(tcp, Send)
    assert tcp.data.startswith(b"RTSP/1.0 200")
