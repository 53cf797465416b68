"""Heads offered to a time-stamping service, and the addresses of services."""

import pytest

from tawny.recorder.evidence.witnesses import TimeStamp, TimeStamping, check_url, witnessed_entry
from tawny.runtime.clock import SimulatedClock
from tawny.runtime.problem import Kind, Problem
from tests.fakes.time_stamps import FakeTimeStamps
from tests.wire.evidence.test_ledgers import HEAD

URL = "http://tsa.example"


@pytest.fixture
def service() -> FakeTimeStamps:
    return FakeTimeStamps()


@pytest.fixture
def clock() -> SimulatedClock:
    return SimulatedClock()


def offer(stamping: TimeStamping) -> bool:
    """Whether the head was taken; it is then dealt with to the end."""
    thread = stamping.offer(URL, HEAD)
    if thread is None:
        return False
    thread.join()
    return True


def test_a_head_is_stamped_once(service: FakeTimeStamps, clock: SimulatedClock) -> None:
    stamping = TimeStamping(service, clock)

    assert offer(stamping)
    assert not offer(stamping)

    done = stamping.finished()
    assert done is not None
    assert done.stamp is not None
    assert (done.head, done.url) == (HEAD, URL)
    assert service.asked == [(URL, HEAD.line())]
    assert stamping.finished() is None


def test_after_a_failure_the_wait_grows(service: FakeTimeStamps, clock: SimulatedClock) -> None:
    stamping = TimeStamping(service, clock)
    service.problem = Problem(Kind.UNREACHABLE, "The service does not answer.")

    asked = []
    for second in range(120):
        if offer(stamping):
            asked.append(second)
        clock.wait(1)

    assert asked == [0, 15, 45, 105]
    assert stamping.problem is service.problem
    assert stamping.failing_s == 120


def test_after_a_success_all_is_well_again(service: FakeTimeStamps, clock: SimulatedClock) -> None:
    stamping = TimeStamping(service, clock)
    service.problem = Problem(Kind.UNREACHABLE, "The service does not answer.")
    offer(stamping)
    clock.wait(20)
    service.problem = None

    assert offer(stamping)

    assert (stamping.problem, stamping.failing_s) == (None, 0.0)


def test_a_service_that_breaks_our_code_does_not_end_time_stamping(clock: SimulatedClock) -> None:
    class Broken(FakeTimeStamps):
        def stamp(self, url: str, data: bytes) -> TimeStamp:
            raise RuntimeError("surprise")

    stamping = TimeStamping(Broken(), clock)

    assert offer(stamping)
    clock.wait(20)
    assert offer(stamping)
    assert stamping.problem is not None


@pytest.mark.parametrize("url", ["", "http://timestamp.example", "https://tsa.example:8443/tsr?x=1"])
def test_addresses_of_services_are_taken(url: str) -> None:
    assert check_url(url) == url


@pytest.mark.parametrize(
    "url",
    [
        "ftp://tsa.example",
        "file:///etc/passwd",
        "tsa.example",
        "http://",
        "http://u:p@tsa.example",
        "http://tsa.example:99999",
        "http://tsa.example/\r\nX: y",
        "http://[::1",
        "http://tsa.example/ä",
        "http://" + "x" * 3000,
    ],
)
def test_other_addresses_are_refused_without_being_repeated(url: str) -> None:
    with pytest.raises(Problem) as caught:
        check_url(url)

    assert (caught.value.kind, caught.value.extra) == (Kind.INVALID, {"field": "tsa_url"})
    assert "u:p" not in caught.value.title


def test_a_receipt_names_its_head() -> None:
    entry = witnessed_entry(HEAD, by="app", who="ada")

    assert entry == {
        "kind": "witnessed",
        "head": HEAD.id,
        "ledger": HEAD.ledger,
        "volume": HEAD.volume,
        "by": "app",
        "who": "ada",
    }
