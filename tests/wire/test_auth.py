from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tawny.wire.auth import Challenge, Login, Verdict, answer, asking, challenges, judge, strongest

# RFC 7616, 3.9.1
TAIL = 'nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"'
RFC_7616 = tuple(
    f'Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm={algorithm}, {TAIL}'
    for algorithm in ("SHA-256", "MD5")
)
CNONCE = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"


def rfc_7616_answer(offered: tuple[Challenge, ...]) -> str:
    return answer(offered, method="GET", uri="/dir/index.html", user="Mufasa", password="Circle of Life", cnonce=CNONCE)


def test_the_examples_of_rfc_7616_come_out_as_printed() -> None:
    both = challenges(RFC_7616)

    assert "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1" in rfc_7616_answer(both)
    assert "8ca523f5e9506fed4657c9700eebdbec" in rfc_7616_answer(both[1:])


def test_the_example_of_rfc_2617_comes_out_as_printed() -> None:
    offered = challenges(
        ['Digest realm="testrealm@host.com", qop="auth,auth-int", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093"']
    )

    text = answer(
        offered, method="GET", uri="/dir/index.html", user="Mufasa", password="Circle Of Life", cnonce="0a4f113b"
    )

    assert 'response="6629fae49393a05397450978507c4ef1"' in text
    assert "algorithm" not in text


def test_an_old_server_without_qop_gets_an_answer_of_rfc_2069() -> None:
    offered = challenges(['Digest realm="IP Camera(12345)", nonce="abc", stale="FALSE"'])

    text = answer(offered, method="DESCRIBE", uri="rtsp://h/1", user="a", password="b", cnonce="never sent")

    assert "cnonce" not in text
    assert "nc=" not in text
    assert not offered[0].stale


def test_the_strongest_known_challenge_is_answered() -> None:
    offered = challenges(['Basic realm="x"', 'Digest realm="x", nonce="n", algorithm=SHA-512-256', *RFC_7616])

    chosen = strongest(offered)

    assert chosen is not None
    assert chosen.algorithm == "SHA-256"


def test_several_challenges_in_one_header_are_told_apart() -> None:
    offered = challenges(['Basic realm="a, b=\\"c\\"", Digest realm="d", nonce=unquoted, stale=true'])

    assert offered == (
        Challenge(algorithm="BASIC", realm='a, b="c"'),
        Challenge(algorithm="MD5", realm="d", nonce="unquoted", stale=True),
    )


@pytest.mark.parametrize(
    "offered",
    [
        (),
        ("Negotiate",),
        ('Digest realm="x"',),
        ('Digest realm="x", nonce="n", qop="auth-int"',),
        ('Digest realm="x", nonce="n", algorithm=FOO',),
    ],
)
def test_what_cannot_be_answered_is_said(offered: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="not supported"):
        answer(challenges(offered), method="GET", uri="/", user="a", password="b", cnonce="c")


def test_basic_is_the_last_resort() -> None:
    text = answer(challenges(['Basic realm="cam"']), method="X", uri="u", user="me", password="pö", cnonce="")

    assert text == "Basic bWU6cMO2"


def login(password: str = "secret", user: str = "admin") -> Login:
    return Login(user, password, lambda: "cnonce")


def verdict(
    authorization: str,
    *,
    method: str = "DESCRIBE",
    uri: str = "rtsp://h/gate",
    fresh: Callable[[str], bool] = lambda _: True,
    basic: bool = False,
) -> Verdict:
    return judge(
        authorization,
        method=method,
        uri=uri,
        realm="Tawny",
        passwords={"admin": "secret"},
        fresh=fresh,
        basic=basic,
    )


@pytest.mark.parametrize("kept", [slice(0, 1), slice(1, 2), slice(0, 2)], ids=["SHA-256", "MD5", "both"])
def test_our_server_accepts_our_client(kept: slice) -> None:
    client = login()
    client.challenge(challenges(asking("Tawny", "nonce")[kept]))

    first = verdict(client.answer(method="DESCRIBE", uri="rtsp://h/gate"))
    second = verdict(client.answer(method="PLAY", uri="rtsp://h/gate"), method="PLAY")

    assert (first, second) == (Verdict.ACCEPTED, Verdict.ACCEPTED)


@pytest.mark.parametrize("algorithm", ["MD5-sess", "SHA-256-sess"])
def test_session_variants_are_spoken_on_both_sides(algorithm: str) -> None:
    client = login()
    client.challenge(challenges([f'Digest realm="Tawny", nonce="n", qop="auth", algorithm={algorithm}']))

    assert verdict(client.answer(method="DESCRIBE", uri="rtsp://h/gate")) is Verdict.ACCEPTED


def test_each_request_with_one_nonce_has_a_higher_count() -> None:
    client = login()
    client.challenge(challenges(asking("Tawny", "one")))
    client.answer(method="A", uri="u")

    again = client.answer(method="B", uri="u")
    client.challenge(challenges(asking("Tawny", "two")))
    anew = client.answer(method="C", uri="u")

    assert "nc=00000002" in again
    assert "nc=00000001" in anew


@pytest.mark.parametrize("client", [login("wrong"), login(user="nobody"), login("", user="nobody"), login("", user="")])
def test_a_wrong_login_is_refused(client: Login) -> None:
    client.challenge(challenges(asking("Tawny", "nonce")))

    assert verdict(client.answer(method="DESCRIBE", uri="rtsp://h/gate")) is Verdict.REFUSED


def test_an_answer_counts_for_its_own_request_only() -> None:
    client = login()
    client.challenge(challenges(asking("Tawny", "nonce")))
    text = client.answer(method="DESCRIBE", uri="rtsp://h/gate")

    assert verdict(text, method="TEARDOWN") is Verdict.REFUSED
    assert verdict(text, uri="rtsp://h/gateway") is Verdict.REFUSED
    assert verdict(text, uri="rtsp://h/gate/track=1") is Verdict.ACCEPTED


def test_a_right_answer_to_an_old_nonce_is_stale() -> None:
    client = login()
    client.challenge(challenges(asking("Tawny", "old")))

    assert verdict(client.answer(method="DESCRIBE", uri="rtsp://h/gate"), fresh=lambda n: n == "new") is Verdict.STALE


def test_a_wrong_answer_to_an_old_nonce_is_no_more_than_wrong() -> None:
    client = login("wrong")
    client.challenge(challenges(asking("Tawny", "old")))

    assert verdict(client.answer(method="DESCRIBE", uri="rtsp://h/gate"), fresh=lambda _: False) is Verdict.REFUSED


def test_basic_is_accepted_only_where_it_was_offered() -> None:
    client = login()
    client.challenge(challenges(asking("Tawny", "n", basic=True)[2:]))
    text = client.answer(method="DESCRIBE", uri="rtsp://h/gate")

    assert verdict(text, basic=True) is Verdict.ACCEPTED
    assert verdict(text) is Verdict.REFUSED
    assert verdict("Basic YWRtaW46d3Jvbmc=", basic=True) is Verdict.REFUSED
    assert verdict("Basic !!!", basic=True) is Verdict.REFUSED


def test_users_and_passwords_may_hold_any_character() -> None:
    name, word = 'a"b\\c', "p:ä,\"'\\"
    client = Login(name, word, lambda: "c")
    client.challenge(challenges(asking('Tawny "1"', "n")))

    found = judge(
        client.answer(method="M", uri="u"),
        method="M",
        uri="u",
        realm='Tawny "1"',
        passwords={name: word},
        fresh=lambda _: True,
    )

    assert found is Verdict.ACCEPTED


@given(
    text=st.one_of(
        st.text(max_size=200), st.from_regex(r"(Digest|Basic) ([a-z]+=(\"[^\"]*\"|[a-z]*),? ?)*", fullmatch=True)
    )
)
@settings(max_examples=150)
def test_no_header_crashes_either_side(text: str) -> None:
    offered = challenges([text])

    assert all(challenge.nonce or challenge.algorithm == "BASIC" for challenge in offered)
    assert verdict(text, basic=True) is not Verdict.ACCEPTED
