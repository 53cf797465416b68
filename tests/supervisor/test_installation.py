import os
import socket
from pathlib import Path

import pytest

from tawny.runtime.clock import SimulatedClock
from tawny.runtime.data_directory import DataDirectory
from tawny.runtime.problem import Kind, Problem
from tawny.supervisor.installation import Settings, take, until


def any_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


def settings(root: Path, *, port: int | None = None) -> Settings:
    return Settings(data=DataDirectory(root=root), port=port or any_port())


def test_a_second_start_on_one_directory_is_refused_with_the_reason(tmp_path: Path) -> None:
    lock = take(settings(tmp_path / "data"))

    with pytest.raises(Problem) as refused:
        take(settings(tmp_path / "data"))

    os.close(lock)
    assert refused.value.kind is Kind.CONFLICT
    assert str(os.getpid()) in refused.value.title


def test_a_port_in_use_is_refused_and_the_directory_stays_free(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(Problem) as refused:
        take(settings(tmp_path / "data", port=taken.getsockname()[1]))

    assert "--port" in refused.value.remedy
    os.close(take(settings(tmp_path / "data")))


def test_a_path_too_long_for_sockets_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="too long"):
        take(settings(tmp_path / ("d" * 90)))


def test_a_directory_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(Problem, match="can't be made"):
        take(settings(tmp_path / "file" / "data"))


@pytest.mark.parametrize(("listen", "https"), [("127.0.0.1", False), ("::1", False), ("0.0.0.0", True)])
def test_beyond_loopback_the_address_is_https(tmp_path: Path, listen: str, https: bool) -> None:
    found = Settings(data=DataDirectory(root=tmp_path), listen=listen).address

    assert found.https is https


def test_a_certificate_turns_https_on_and_is_handed_to_the_hub(tmp_path: Path) -> None:
    certificate, key = tmp_path / "c.pem", tmp_path / "k.pem"
    given = Settings(data=DataDirectory(root=tmp_path), certificate=certificate, key=key)

    recorder, gateway, hub = given.programs()

    assert given.address.https
    assert hub.command[-4:] == ("--certificate", str(certificate), "--key", str(key))
    assert recorder.command[-3:] == ("recorder", "--data", str(tmp_path))
    assert gateway.command[-3:] == ("gateway", "--data", str(tmp_path))


async def test_waiting_ends_when_the_condition_holds() -> None:
    asked = iter([False, True])

    await until(lambda: next(asked), _Hurried(), within_s=5, otherwise="never told")

    assert next(asked, None) is None


async def test_waiting_too_long_is_a_problem_in_the_given_words() -> None:
    with pytest.raises(Problem, match="It does not come"):
        await until(lambda: False, _Hurried(), within_s=5, otherwise="It does not come.")


class _Hurried(SimulatedClock):
    """Sleeping takes no time and counts."""

    async def sleep(self, seconds: float) -> None:
        self.wait(seconds)
