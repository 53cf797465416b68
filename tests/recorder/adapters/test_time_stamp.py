"""Time stamps over HTTP, with openssl's own service on loopback, and with services that misbehave."""

import pytest

from tawny.recorder.adapters.time_stamp import MAX_ANSWER, HttpTimeStamps
from tawny.runtime.clock import SimulatedClock, SystemClock
from tawny.runtime.problem import Kind, Problem
from tests.fakes.time_stamps import OpensslService, http_service


@pytest.fixture(scope="module")
def openssl(tmp_path_factory: pytest.TempPathFactory) -> OpensslService:
    return OpensslService(tmp_path_factory.mktemp("tsa"))


def refused(url: str) -> Problem:
    with pytest.raises(Problem) as caught:
        HttpTimeStamps(SimulatedClock()).stamp(url, b"head")
    return caught.value


def test_a_time_stamp_is_one_that_openssl_believes(openssl: OpensslService) -> None:
    before_us = SystemClock().utc_us()
    with http_service(lambda request: (200, {}, openssl.answer(request))) as url:
        stamp = HttpTimeStamps(SimulatedClock()).stamp(url, b"head")

    assert openssl.verifies(stamp.token, b"head")
    assert not openssl.verifies(stamp.token, b"Head")
    assert abs(stamp.utc_us - before_us) < 60_000_000


def test_an_answer_to_another_question_is_refused(openssl: OpensslService) -> None:
    answers: list[bytes] = []

    def first_answer(request: bytes) -> tuple[int, dict[str, str], bytes]:
        answers.append(openssl.answer(request))
        return 200, {}, answers[0]

    with http_service(first_answer) as url:
        HttpTimeStamps(SimulatedClock()).stamp(url, b"head")
        problem = refused(url)  # the same data, another nonce

    assert "another question" in problem.title


@pytest.mark.parametrize("body", [b"", b"not a time stamp", b"\x30\x80" * 50])
def test_an_answer_that_is_no_time_stamp_is_refused(body: bytes) -> None:
    with http_service(lambda _: (200, {}, body)) as url:
        assert refused(url).kind is Kind.REFUSED


def test_redirects_are_not_followed() -> None:
    asked = []

    def elsewhere(request: bytes) -> tuple[int, dict[str, str], bytes]:
        asked.append(request)
        return 307, {"Location": "/again"}, b""

    with http_service(elsewhere) as url:
        problem = refused(url)

    assert (len(asked), problem.kind) == (1, Kind.REFUSED)


def test_an_endless_answer_is_cut_off() -> None:
    with http_service(lambda _: (200, {}, bytes(MAX_ANSWER + 5000))) as url:
        assert refused(url).kind is Kind.UNREACHABLE


def test_a_service_that_is_not_there_is_unreachable() -> None:
    with http_service(lambda _: (200, {}, b"")) as url:
        pass

    assert refused(url).kind is Kind.UNREACHABLE
