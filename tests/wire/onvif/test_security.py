import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tawny.wire.onvif import soap
from tawny.wire.onvif.elements import make
from tawny.wire.onvif.security import (
    WINDOW_S,
    Nonces,
    UsernameToken,
    Verdict,
    digest,
    judge,
    read_token,
    username_token,
)

NOW_US = 1_768_332_313_000_000
PASSWORDS = {"admin": "secret"}


def received(
    password: str = "secret", *, created_us: int = NOW_US, nonce: bytes = b"0123456789abcdef"
) -> UsernameToken:
    header = username_token(user="admin", password=password, nonce=nonce, created_us=created_us)
    token = read_token(soap.parse(soap.envelope(make("tds:GetUsers"), [header]), lenient=False).header)
    assert token is not None
    return token


def test_the_digest_is_that_of_the_core_specification() -> None:
    nonce = base64.b64decode("LKqI6G/AikKCQrN0zqZFlg==")  # the example of ONVIF Core, 5.9.3

    assert digest("userpassword", nonce, "2010-09-16T07:50:45Z") == "tuOSpGlFlIXsozq4HFNeeGeFLEI="


def test_a_right_token_is_accepted_once() -> None:
    nonces = Nonces()

    first = judge(received(), passwords=PASSWORDS, now_us=NOW_US, nonces=nonces)
    second = judge(received(), passwords=PASSWORDS, now_us=NOW_US + 1, nonces=nonces)

    assert (first, second) == (Verdict.ACCEPTED, Verdict.REPLAYED)


def test_a_wrong_password_or_user_is_refused() -> None:
    wrong = received("guess")

    assert judge(wrong, passwords=PASSWORDS, now_us=NOW_US, nonces=Nonces()) is Verdict.REFUSED
    assert judge(received(), passwords={"other": "secret"}, now_us=NOW_US, nonces=Nonces()) is Verdict.REFUSED
    assert judge(received(""), passwords={}, now_us=NOW_US, nonces=Nonces()) is Verdict.REFUSED


@pytest.mark.parametrize(
    ("off_s", "verdict"),
    [(-299, Verdict.ACCEPTED), (299, Verdict.ACCEPTED), (-301, Verdict.STALE), (301, Verdict.STALE)],
)
def test_a_token_of_another_time_is_stale(off_s: int, verdict: Verdict) -> None:
    token = received(created_us=NOW_US + off_s * 1_000_000)

    assert judge(token, passwords=PASSWORDS, now_us=NOW_US, nonces=Nonces()) is verdict


def test_what_lacks_nonce_or_time_is_refused() -> None:
    for nonce, created in ((b"", "2026-01-13T19:25:13Z"), (b"n", ""), (b"n", "soon")):
        token = UsernameToken(user="admin", digest=digest("secret", nonce, created), nonce=nonce, created=created)

        assert judge(token, passwords=PASSWORDS, now_us=NOW_US, nonces=Nonces()) is Verdict.REFUSED


def test_a_password_in_plain_text_is_refused() -> None:
    header = make(
        "s:Header",
        make(
            "wsse:Security", make("wsse:UsernameToken", make("wsse:Username", "admin"), make("wsse:Password", "secret"))
        ),
    )

    token = read_token(header)

    assert token is not None
    assert token.digest is None
    assert judge(token, passwords=PASSWORDS, now_us=NOW_US, nonces=Nonces()) is Verdict.REFUSED


def test_no_token_is_none_and_a_broken_one_is_said() -> None:
    assert read_token(None) is None
    assert read_token(make("s:Header")) is None
    broken = make("wsse:Security", make("wsse:UsernameToken", make("wsse:Nonce", "%%%")))
    with pytest.raises(ValueError, match="Base64"):
        read_token(make("s:Header", broken))


def test_a_nonce_is_remembered_as_long_as_its_token_could_be_accepted() -> None:
    nonces = Nonces()
    assert nonces.first("admin", b"n", NOW_US)

    assert not nonces.first("admin", b"n", NOW_US + 2 * WINDOW_S * 1_000_000 - 1)
    assert nonces.first("admin", b"n", NOW_US + 2 * WINDOW_S * 1_000_000)


def test_when_no_more_can_be_remembered_nobody_is_let_in_until_there_is_room() -> None:
    nonces = Nonces(most=2)
    assert nonces.first("admin", b"1", NOW_US)
    assert nonces.first("admin", b"2", NOW_US)

    assert not nonces.first("admin", b"3", NOW_US + 1)
    assert nonces.first("admin", b"3", NOW_US + 3 * WINDOW_S * 1_000_000)


def test_created_is_in_whole_seconds_and_ends_in_z() -> None:
    assert received(created_us=NOW_US + 999_999).created == "2026-01-13T19:25:13Z"


@given(st.binary(max_size=64), st.text(max_size=20), st.text(max_size=20))
@settings(max_examples=50)
def test_no_token_breaks_the_judge(nonce: bytes, user: str, created: str) -> None:
    token = UsernameToken(user=user, digest="x", nonce=nonce, created=created)

    assert judge(token, passwords=PASSWORDS, now_us=NOW_US, nonces=Nonces()) is Verdict.REFUSED
