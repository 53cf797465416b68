import socket
from pathlib import Path

import pytest

from tawny.runtime.problem import Kind, Problem
from tawny.supervisor.api import Address, Api
from tests.supervisor.hub import PASSWORD, FakeHub, running


def api_at(port: int) -> Api:
    return Api(Address(listen="127.0.0.1", port=port, https=False), trust=Path("/nonexistent"))


def test_a_login_opens_what_is_closed_without_it() -> None:
    with running(FakeHub()) as hub:
        api = api_at(hub.port)
        with pytest.raises(Problem) as refused:
            api.call("GET", "/cameras")

        api.log_in("owner", PASSWORD)

        assert refused.value.kind is Kind.UNAUTHENTICATED
        assert api.call("GET", "/cameras") == {"items": []}


def test_a_refusal_is_told_in_the_hubs_words() -> None:
    with running(FakeHub()) as hub, pytest.raises(Problem) as refused:
        api_at(hub.port).log_in("owner", "wrong")

    assert refused.value.title == "Wrong user or password."


def test_a_hub_that_is_not_there_is_unhealthy_and_unreachable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    api = api_at(port)

    with pytest.raises(Problem) as refused:
        api.call("GET", "/session")

    assert not api.healthy()
    assert refused.value.kind is Kind.UNREACHABLE


@pytest.mark.parametrize(
    ("listen", "https", "url", "host"),
    [
        ("127.0.0.1", False, "http://127.0.0.1:8090", "127.0.0.1"),
        ("::1", False, "http://[::1]:8090", "::1"),
        ("192.168.4.2", True, "https://192.168.4.2:8090", "192.168.4.2"),
        ("0.0.0.0", True, f"https://{socket.gethostname()}:8090", "127.0.0.1"),
        ("::", True, f"https://{socket.gethostname()}:8090", "::1"),
    ],
)
def test_people_and_this_machine_are_told_where_the_hub_is(listen: str, https: bool, url: str, host: str) -> None:
    address = Address(listen=listen, port=8090, https=https)

    assert (address.url, address.host) == (url, host)
