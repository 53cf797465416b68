"""A wrong login is sent by one of a device's streams, not by each."""

from collections.abc import Hashable
from threading import Event, Thread

import pytest

from tawny.recorder.adapters.rtsp_logins import HOLD_S, DeviceLogin, RefusedLogins
from tawny.recorder.ingest.model import Trouble
from tawny.recorder.ingest.troubles import Failure, failure
from tawny.runtime.clock import SimulatedClock

LOGIN = DeviceLogin(host="192.0.2.7", user="u", password="old")


class Rig:
    """*wrong* are the logins that the device refuses; *sent* is who sent one."""

    def __init__(self) -> None:
        self.clock = SimulatedClock()
        self.logins = RefusedLogins(self.clock)
        self.wrong = True
        self.sent: list[Hashable] = []

    def attempt(self, stream: Hashable, login: DeviceLogin = LOGIN) -> Trouble:
        try:
            with self.logins.attempt(login, stream):
                self.sent.append(stream)
                if self.wrong:
                    raise failure(Trouble.CREDENTIALS) from ValueError("401")
        except Failure as problem:
            return problem.kind
        return Trouble.NONE


def test_who_was_refused_may_ask_again_and_the_others_hold_back() -> None:
    rig = Rig()

    outcomes = [rig.attempt(stream) for stream in ("main", "sub", "other channel", "main")]

    assert outcomes == [Trouble.CREDENTIALS] * 4
    assert rig.sent == ["main", "main"]


async def test_the_others_ask_after_a_while_or_with_another_login() -> None:
    rig = Rig()
    rig.attempt("main")

    rig.attempt("sub", DeviceLogin(host=LOGIN.host, user="u", password="new"))
    await rig.clock.advance(HOLD_S + 1)
    rig.attempt("sub")

    assert rig.sent == ["main", "sub", "sub"]


def test_a_login_that_works_again_is_everybodys() -> None:
    rig = Rig()
    rig.attempt("main")
    rig.wrong = False

    outcomes = [rig.attempt(stream) for stream in ("main", "sub")]

    assert outcomes == [Trouble.NONE, Trouble.NONE]


def test_a_user_who_may_not_see_one_stream_keeps_the_others() -> None:
    rig = Rig()
    rig.wrong = False
    rig.attempt("main")
    rig.wrong = True
    refused = rig.attempt("sub")
    rig.wrong = False

    assert refused is Trouble.CREDENTIALS
    assert rig.attempt("main") is Trouble.NONE


def test_a_camera_that_does_not_answer_holds_nobody_back() -> None:
    rig = Rig()
    with pytest.raises(Failure), rig.logins.attempt(LOGIN, "main"):
        raise failure(Trouble.UNREACHABLE)
    rig.wrong = False

    assert rig.attempt("sub") is Trouble.NONE


def test_streams_that_come_together_wait_for_what_the_first_finds_out() -> None:
    rig = Rig()
    entered, refused = Event(), Event()
    outcomes: list[Trouble] = []

    def first() -> None:
        try:
            with rig.logins.attempt(LOGIN, "first"):
                entered.set()
                refused.wait(10)
                raise failure(Trouble.CREDENTIALS) from ValueError("401")
        except Failure as problem:
            outcomes.append(problem.kind)

    threads = [Thread(target=first)]
    threads += [Thread(target=lambda stream=stream: outcomes.append(rig.attempt(stream))) for stream in range(15)]
    threads[0].start()
    entered.wait(10)
    for thread in threads[1:]:
        thread.start()
    refused.set()
    for thread in threads:
        thread.join(10)

    assert outcomes == [Trouble.CREDENTIALS] * 16
    assert rig.sent == []
