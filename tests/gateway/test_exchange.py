import pytest

from tawny.gateway.exchange import Request, json_answer, problem_answer
from tawny.runtime.problem import Kind, Problem


def test_a_request_without_body_reads_as_an_empty_object() -> None:
    assert Request(method="POST", path="/").json() == {}


@pytest.mark.parametrize("body", [b"[]", b"3", b"garbage", b"\xff\xfe", b"[" * 100_000])
def test_a_body_that_is_no_object_is_a_problem(body: bytes) -> None:
    with pytest.raises(Problem) as caught:
        Request(method="POST", path="/", body=body).json()
    assert caught.value.kind is Kind.INVALID


def test_json_goes_out_as_it_is_in_any_language() -> None:
    answer = json_answer({"name": "Vchod č. 1"})

    assert answer.body == '{"name":"Vchod č. 1"}'.encode()
    assert answer.headers == {"content-type": "application/json"}


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_of_problem_has_a_status(kind: Kind) -> None:
    assert 400 <= problem_answer(Problem(kind, "Words.")).status < 600
