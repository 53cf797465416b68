import threading

from tawny.recorder.archive.model import StreamKey
from tawny.recorder.ingest.connecting import MOST_AT_ONCE, Connector
from tawny.recorder.ingest.connection import Connection
from tawny.recorder.ingest.loop import MediaLoop
from tawny.recorder.ingest.model import CameraSource, Trouble
from tawny.recorder.ingest.troubles import Failure, failure
from tawny.runtime.clock import SystemClock
from tawny.wire.media import StreamName

KEY = StreamKey(camera="cam_a", stream=StreamName.MAIN)
SOURCE = CameraSource(camera="cam_a", main_url="", sub_url=None, user="", password="", sound=False, record=True)


def test_posted_calls_run_in_order_on_the_media_thread_and_stop_waits_for_them() -> None:
    loop = MediaLoop(SystemClock(), housekeeping=lambda now: None, changed=lambda key: None, swept=lambda: None)
    ran: list[tuple[int, str]] = []
    loop.start()

    for number in range(100):
        loop.post(lambda number=number: ran.append((number, threading.current_thread().name)))  # type: ignore[misc]  # mypy takes no default in a lambda
    loop.stop(10)

    assert ran == [(number, "media") for number in range(100)]


def test_attempts_run_side_by_side_up_to_a_limit_and_each_is_answered() -> None:
    gate, lock = threading.Event(), threading.Lock()
    running, most, answers = 0, 0, []
    done = threading.Semaphore(0)

    class SlowCamera:
        def connect(self, source: CameraSource, key: StreamKey) -> Connection:
            nonlocal running, most
            with lock:
                running += 1
                most = max(most, running)
                if running == MOST_AT_ONCE:
                    gate.set()
            gate.wait(10)
            with lock:
                running -= 1
            raise failure(Trouble.UNREACHABLE)

    def answered(result: Connection | Failure) -> None:
        answers.append(result)
        done.release()

    connector = Connector(SlowCamera())
    for _ in range(3 * MOST_AT_ONCE):
        connector.connect(SOURCE, KEY, answered)
    for _ in range(3 * MOST_AT_ONCE):
        assert done.acquire(timeout=10)

    assert most == MOST_AT_ONCE
    assert len(answers) == 3 * MOST_AT_ONCE


def test_an_attempt_that_trips_over_a_fault_of_ours_is_answered_too() -> None:
    class BrokenCamera:
        def connect(self, source: CameraSource, key: StreamKey) -> Connection:
            raise RuntimeError("a fault")

    answers: list[Connection | Failure] = []
    done = threading.Event()

    def answered(result: Connection | Failure) -> None:
        answers.append(result)
        done.set()

    Connector(BrokenCamera()).connect(SOURCE, KEY, answered)

    assert done.wait(10)
    assert isinstance(answers[0], Failure)
    assert answers[0].kind is Trouble.OTHER
