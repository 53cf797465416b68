from random import Random

import pytest

from tawny.recorder.ingest.model import Phase, Trouble
from tawny.recorder.ingest.supervision import Backoff, StreamSupervisor
from tawny.recorder.ingest.troubles import failure

NOW_US = 1_800_000_000_000_000


def waits(kind: Trouble, count: int) -> list[float]:
    backoff = Backoff(Random(1))
    return [backoff.next(kind) for _ in range(count)]


def test_waits_double_to_half_a_minute_and_differ_a_little() -> None:
    found = waits(Trouble.UNREACHABLE, 8)

    for wait, usual in zip(found, [1, 2, 4, 8, 16, 30, 30, 30], strict=True):
        assert usual * 0.8 <= wait <= usual * 1.2
    assert len(set(found)) == 8


def test_a_refused_password_is_tried_so_rarely_that_no_camera_locks_us_out() -> None:
    found = waits(Trouble.CREDENTIALS, 5)

    assert found[0] >= 48
    assert min(found[1:]) >= 1440


def test_what_went_wrong_is_told_until_it_works() -> None:
    supervisor = StreamSupervisor(Random(1), now_us=NOW_US)
    assert supervisor.due(0)
    supervisor.attempting()
    assert not supervisor.due(100)

    supervisor.failed(failure(Trouble.UNREACHABLE), now_us=NOW_US + 5, monotonic=10)
    waiting = supervisor.state
    due = supervisor.due(10), supervisor.due(12)
    supervisor.attempting()
    trying = supervisor.state
    supervisor.online(NOW_US + 9)

    assert (waiting.phase, waiting.kind, waiting.since_us) == (Phase.WAITING, Trouble.UNREACHABLE, NOW_US)
    assert waiting.title
    assert waiting.remedy
    assert waiting.retry_at_us is not None
    assert 800_000 <= waiting.retry_at_us - NOW_US - 5 <= 1_200_000
    assert due == (False, True)
    assert (trying.phase, trying.title) == (Phase.CONNECTING, waiting.title)
    assert (supervisor.state.phase, supervisor.state.title) == (Phase.ONLINE, "")


def test_a_camera_that_works_and_drops_again_is_tried_again_at_once() -> None:
    supervisor = StreamSupervisor(Random(1), now_us=NOW_US)

    for drop in range(10):
        supervisor.attempting()
        supervisor.online(NOW_US)
        supervisor.failed(failure(Trouble.CLOSED), now_us=NOW_US, monotonic=drop * 100)

        assert supervisor.due(drop * 100 + 1.2)


@pytest.mark.parametrize("kind", [kind for kind in Trouble if kind is not Trouble.NONE])
def test_every_trouble_has_words_a_remedy_and_a_reason_for_the_timeline(kind: Trouble) -> None:
    problem = failure(kind)

    assert problem.title.endswith(".")
    assert problem.remedy.endswith(".")
    assert problem.reason.startswith("camera_")
