"""Finding out how to log in, within two tries, and never weaker than before."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tawny.recorder.onvif.model import Authentication, DeviceError, DeviceTrouble, Login
from tawny.recorder.onvif.negotiation import Credentials, Negotiation
from tawny.recorder.onvif.refusals import Refusal
from tawny.wire.auth import challenges
from tawny.wire.tries import MOST_TRIES, Tries

NOW = 1_795_348_800_000_000
MD5 = 'Digest realm="r", nonce="{}", qop="auth"'
SHA256 = 'Digest realm="r", nonce="{}", qop="auth", algorithm=SHA-256'
BASIC = 'Basic realm="r"'


def negotiation(
    *,
    learned: Authentication = Authentication.NONE,
    secure: bool = False,
    allow_basic: bool = False,
    user: str = "u",
    tries: Tries | None = None,
) -> Negotiation:
    login = Login(user=user, password="secret" if user else "", allow_basic=allow_basic)
    return Negotiation(login, learned=learned, secure=secure, random_bytes=lambda count: bytes(count), tries=tries)


def asks(*headers: str, nonce: str = "n", soap: bool = False) -> Refusal:
    return Refusal(challenges=challenges(header.format(nonce) for header in headers), soap=soap)


def given_now(machine: Negotiation) -> Credentials:
    return machine.credentials(path="/x", camera_us=NOW)


def end(machine: Negotiation, sent: Authentication, refusal: Refusal) -> DeviceTrouble:
    with pytest.raises(DeviceError) as raised:
        machine.refused(sent, refusal)
    return raised.value.trouble


@pytest.mark.parametrize(
    ("refusal", "kind"),
    [
        (asks(MD5), Authentication.DIGEST_MD5),
        (asks(MD5, SHA256, BASIC), Authentication.DIGEST_SHA256),
        (asks(), Authentication.WSSE),
        (asks(soap=True), Authentication.WSSE),
        (asks(BASIC, soap=True), Authentication.WSSE),
    ],
)
def test_what_the_camera_asks_for_is_given(refusal: Refusal, kind: Authentication) -> None:
    machine = negotiation()

    machine.refused(Authentication.NONE, refusal)
    sent = given_now(machine)

    assert sent.kind is kind
    assert (sent.token is not None) == (kind is Authentication.WSSE)
    assert "secret" not in sent.authorization
    assert machine.accepted(kind)
    assert machine.learned is kind
    assert not machine.accepted(kind)


def test_a_request_without_a_login_proves_nothing() -> None:
    machine = negotiation()

    assert not machine.accepted(Authentication.NONE)
    assert not machine.proven


def test_after_digest_comes_the_token_and_then_the_end_for_good() -> None:
    machine = negotiation()
    machine.refused(Authentication.NONE, asks(MD5))

    machine.refused(Authentication.DIGEST_MD5, asks(MD5, nonce="m"))
    assert given_now(machine).kind is Authentication.WSSE

    assert end(machine, Authentication.WSSE, asks(MD5)) is DeviceTrouble.CREDENTIALS
    with pytest.raises(DeviceError):
        given_now(machine)


def test_no_token_is_tried_at_the_cost_of_another_login() -> None:
    tries = Tries(reserved=1)
    first = negotiation(tries=tries)
    first.refused(Authentication.NONE, asks(MD5))

    assert end(first, Authentication.DIGEST_MD5, asks(MD5, nonce="m", soap=True)) is DeviceTrouble.CREDENTIALS
    assert tries.left == 1


def test_who_refuses_a_digest_in_soap_and_asks_for_none_gets_the_token() -> None:
    machine = negotiation(tries=Tries(reserved=1))
    machine.refused(Authentication.NONE, asks(MD5))

    machine.refused(Authentication.DIGEST_MD5, asks(soap=True))

    assert given_now(machine).kind is Authentication.WSSE


def test_the_same_login_given_again_goes_by_the_other_way() -> None:
    tries = Tries(reserved=1)
    first, second = negotiation(tries=tries), negotiation(tries=tries)
    first.refused(Authentication.NONE, asks(MD5))
    end(first, Authentication.DIGEST_MD5, asks(MD5))
    tries.reserved = 0

    second.refused(Authentication.NONE, asks(MD5))

    assert given_now(second).kind is Authentication.WSSE


def test_a_login_is_not_even_begun_where_none_is_left() -> None:
    tries = Tries(0)
    begun, learned = negotiation(tries=tries), negotiation(learned=Authentication.WSSE, tries=tries)

    assert end(begun, Authentication.NONE, asks(MD5)) is DeviceTrouble.CREDENTIALS
    with pytest.raises(DeviceError):
        given_now(learned)


def test_a_camera_that_calls_every_nonce_stale_gets_few_logins() -> None:
    tries = Tries()
    machine = negotiation(tries=tries)
    stale = asks(MD5 + ", stale=true")

    sent = list(tried(machine, [stale] * 12))

    assert len([kind for kind, _ in sent if kind is not Authentication.NONE]) == 3
    assert tries.left == 0


def test_a_stale_nonce_is_no_wrong_password() -> None:
    machine = negotiation()
    machine.refused(Authentication.NONE, asks(MD5))

    machine.refused(Authentication.DIGEST_MD5, asks(MD5 + ", stale=true", nonce="m"))

    sent = given_now(machine)
    assert sent.kind is Authentication.DIGEST_MD5
    assert 'nonce="m"' in sent.authorization


def test_without_a_login_the_camera_gets_none() -> None:
    assert end(negotiation(user=""), Authentication.NONE, asks(MD5)) is DeviceTrouble.CREDENTIALS


@pytest.mark.parametrize("learned", [Authentication.NONE, Authentication.WSSE, Authentication.DIGEST_SHA256])
def test_basic_alone_gets_nothing_over_a_connection_that_anyone_can_read(learned: Authentication) -> None:
    machine = negotiation(learned=learned)
    if learned is Authentication.WSSE:
        machine = negotiation(learned=Authentication.DIGEST_MD5)

    assert end(machine, Authentication.NONE, asks(BASIC)) is DeviceTrouble.BASIC_ONLY


@pytest.mark.parametrize(("secure", "allow_basic"), [(True, False), (False, True)])
def test_basic_is_given_under_tls_or_by_consent(*, secure: bool, allow_basic: bool) -> None:
    machine = negotiation(secure=secure, allow_basic=allow_basic)

    machine.refused(Authentication.NONE, asks(BASIC))

    assert given_now(machine).kind is Authentication.BASIC


@pytest.mark.parametrize(
    ("learned", "refusal"),
    [
        (Authentication.DIGEST_SHA256, asks(MD5)),
        (Authentication.DIGEST_MD5, asks()),
        (Authentication.DIGEST_MD5, asks(soap=True)),
        (Authentication.DIGEST_SHA256, asks(BASIC)),
    ],
)
def test_a_weaker_login_than_before_is_not_given_not_even_under_tls(learned: Authentication, refusal: Refusal) -> None:
    machine = negotiation(learned=learned, secure=True)

    assert end(machine, Authentication.NONE, refusal) is DeviceTrouble.WEAKER_LOGIN


def test_a_stronger_login_than_before_is_taken() -> None:
    machine = negotiation(learned=Authentication.WSSE)
    assert given_now(machine).kind is Authentication.WSSE

    machine.refused(Authentication.WSSE, asks(SHA256))

    assert given_now(machine).kind is Authentication.DIGEST_SHA256


def test_a_changed_password_is_a_wrong_password_and_no_weaker_login() -> None:
    machine = negotiation(learned=Authentication.DIGEST_MD5)
    machine.refused(Authentication.NONE, asks(MD5))

    assert end(machine, Authentication.DIGEST_MD5, asks(MD5, nonce="m")) is DeviceTrouble.CREDENTIALS


def test_a_lock_out_ends_it_and_tells_how_long() -> None:
    machine = negotiation()

    with pytest.raises(DeviceError) as raised:
        machine.refused(Authentication.NONE, Refusal(locked=True, minutes=7))

    assert raised.value.trouble is DeviceTrouble.LOCKED_OUT
    assert raised.value.minutes == 7


def test_a_camera_without_a_password_ends_it() -> None:
    assert end(negotiation(), Authentication.NONE, Refusal(not_activated=True)) is DeviceTrouble.NOT_ACTIVATED


REFUSALS = st.builds(
    lambda headers, nonce, soap: asks(*headers, nonce=nonce, soap=soap),
    st.lists(st.sampled_from([MD5, SHA256, BASIC, MD5 + ", stale=true", "Negotiate", 'Digest nonce="{}", qop="x"'])),
    st.sampled_from(["a", "b"]),
    st.booleans(),
)


@given(
    refusals=st.lists(REFUSALS, min_size=12, max_size=12), learned=st.sampled_from(Authentication), secure=st.booleans()
)
def test_no_camera_gets_more_than_two_wrong_logins_or_a_weaker_one(
    refusals: list[Refusal], learned: Authentication, *, secure: bool
) -> None:
    machine = negotiation(learned=learned, secure=secure)

    sent = list(tried(machine, refusals))

    assert sum(not kind_refused.stale for kind, kind_refused in sent if kind is not Authentication.NONE) <= MOST_TRIES
    assert all(kind is Authentication.NONE or kind.strength >= learned.strength for kind, _ in sent)
    assert secure or all(kind is not Authentication.BASIC for kind, _ in sent)
    assert len(sent) < len(refusals)


def tried(machine: Negotiation, refusals: list[Refusal]) -> Iterator[tuple[Authentication, Refusal]]:
    """What was sent, and how that was refused, until the machine gave up."""
    for refusal in refusals:
        sent = given_now(machine)
        yield sent.kind, refusal
        try:
            machine.refused(sent.kind, refusal)
        except DeviceError:
            return
