"""Where addresses may lead."""

import socket
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path

import pytest

from tawny.recorder.adapters.outbound import ForbiddenError, of_program, ours, resolve


@pytest.fixture
def listening() -> Iterator[int]:
    """A port on loopback where somebody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield int(server.getsockname()[1])


def test_an_address_stands_for_itself() -> None:
    (found,) = resolve("192.0.2.7", 80, taken=lambda port: port == 80)

    assert found.host == "192.0.2.7"
    assert found.address == ("192.0.2.7", 80)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1", "localhost"])
def test_tawnys_own_ports_on_this_machine_are_never_reached(host: str) -> None:
    with pytest.raises(ForbiddenError, match="Tawny's own"):
        resolve(host, 8090, taken=lambda port: port == 8090)


def test_another_port_of_this_machine_may_be_a_camera() -> None:
    assert resolve("127.0.0.1", 8554, taken=lambda port: port == 8090)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "224.0.0.1", "255.255.255.255", "ff02::c%lo", "::ffff:0.0.0.0"])
def test_what_no_camera_can_have_is_refused(host: str) -> None:
    with pytest.raises(ForbiddenError, match="No camera"):
        resolve(host, 80, taken=lambda _: False)


@pytest.mark.parametrize("host", ["no-such-host.invalid", "a" * 64 + ".example", "", "..", "a b"])
def test_what_is_no_host_is_an_error_of_the_system(host: str) -> None:
    with pytest.raises(OSError, match=r"\w") as raised:
        resolve(host or "no.invalid", 80, taken=lambda _: False)

    assert not isinstance(raised.value, ForbiddenError)


def test_an_address_of_this_machine_is_known_and_another_is_not() -> None:
    assert ours(ip_address("127.0.0.1"))
    assert not ours(ip_address("192.0.2.7"))


def program(proc: Path, pid: int, words: list[str], inode: int) -> None:
    """A process of ours with one socket."""
    descriptors = proc / str(pid) / "fd"
    descriptors.mkdir(parents=True)
    (proc / str(pid) / "cmdline").write_bytes("\0".join(words).encode() + b"\0")
    (descriptors / "3").symlink_to(f"socket:[{inode}]")
    (descriptors / "4").symlink_to("/dev/null")


def test_the_ports_of_tawnys_programs_are_found_and_those_of_its_cameras_left_out(tmp_path: Path) -> None:
    (tmp_path / "net").mkdir()
    line = "   {}: 0100007F:{:04X} 00000000:0000 {} 00000000:00000000 00:00000000 00000000  0        0 {} 1 0"
    rows = [(0, 8090, "0A", 11), (1, 8554, "0A", 12), (2, 5432, "0A", 13), (3, 40000, "01", 14), (4, 9000, "0A", 15)]
    (tmp_path / "net/tcp").write_text("head\n" + "\n".join(line.format(*row) for row in rows) + "\n")
    program(tmp_path, 101, ["/usr/bin/python", "-m", "tawny.cli", "hub", "--port", "8090"], 11)
    program(tmp_path, 102, ["/usr/bin/python", "-m", "tawny.cli", "camera"], 12)
    program(tmp_path, 103, ["postgres", "run"], 13)
    program(tmp_path, 104, ["/usr/bin/python", "/opt/venv/bin/tawny", "gateway"], 14)
    program(tmp_path, 105, ["/opt/venv/bin/tawny", "run"], 15)
    (tmp_path / "106").mkdir()

    assert [row[1] for row in rows if of_program(row[1], tmp_path)] == [8090, 9000]


def test_a_test_that_listens_is_no_program_of_tawnys(listening: int) -> None:
    assert not of_program(listening)
