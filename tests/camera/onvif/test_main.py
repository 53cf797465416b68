import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tawny.camera.onvif.certificate import tls_context
from tawny.camera.onvif.device import Surroundings
from tawny.camera.onvif.main import Devices, OnvifListening, read_identity
from tawny.camera.onvif.users import Users, read_users
from tawny.camera.pacing import LoopedStream
from tawny.runtime.clock import SystemClock
from tawny.runtime.problem import Problem
from tawny.runtime.tasks import Tasks
from tawny.wire.onvif import soap
from tawny.wire.onvif.answers import adoption
from tawny.wire.onvif.elements import Element, make, text
from tests.camera.clips import clip
from tests.camera.onvif.staged import BASE


@dataclass
class Program:
    lines: list[str]
    users: Users
    fingerprint: str


@asynccontextmanager
async def program(directory: Path, *places: str, together: bool = False, port: int = 0) -> AsyncIterator[Program]:
    """The devices of a camera program that nobody has adopted."""
    clock = SystemClock()
    async with Tasks("test") as tasks:
        streams = {
            f"/{place}/main": LoopedStream(clip(), clock=clock, tasks=tasks, start=0.0, random_32=lambda: 1)
            for place in places
        }
        users = read_users(directory / "users.json", code="one-time-code")
        tls, fingerprint = tls_context(directory, clock=clock)
        listening = OnvifListening(
            host="127.0.0.1",
            port=port,
            identity=BASE,
            users=users,
            together=together,
            tls=tls,
            fingerprint=fingerprint,
        )
        devices = Devices(streams, listening)
        try:
            lines = await devices.listen(Surroundings(clock=clock, tasks=tasks, rtsp_ports={"RTSP": 554}, secret=b"x"))
            yield Program(lines, users, fingerprint)
        finally:
            devices.close()


async def asked(address: str, body: Element, login: tuple[str, str]) -> Element:
    """The answer to *body*; the certificate is looked at by its fingerprint elsewhere."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    async with httpx.AsyncClient(verify=context, trust_env=False, auth=httpx.DigestAuth(*login)) as client:
        return soap.answer((await client.post(address, content=soap.envelope(body))).content)


async def test_who_reads_the_code_makes_the_first_user_and_the_code_is_worth_nothing_then(tmp_path: Path) -> None:
    first = make(
        "tds:CreateUsers",
        make(
            "tds:User",
            make("tt:Username", "tawny"),
            make("tt:Password", "long enough"),
            make("tt:UserLevel", "Administrator"),
        ),
    )
    async with program(tmp_path, "gate") as running:
        invitation = adoption.read(running.lines[-1])
        with pytest.raises(soap.FaultError):
            await asked(invitation.address, make("tds:GetUsers"), ("tawny", "long enough"))
        await asked(invitation.address, first, (adoption.USER, invitation.code))
        listed = await asked(invitation.address, make("tds:GetUsers"), ("tawny", "long enough"))
        with pytest.raises(soap.FaultError) as refused:
            await asked(invitation.address, make("tds:GetUsers"), (adoption.USER, invitation.code))

    async with program(tmp_path, "gate") as again:
        lines = again.lines
    assert invitation.fingerprint == running.fingerprint
    assert text(listed, "User/Username") == "tawny"
    assert refused.value.fault.names("NotAuthorized")
    assert not any(line.startswith("tawny-camera:") for line in lines)


async def test_each_place_is_a_device_of_its_own_unless_they_are_taken_together(tmp_path: Path) -> None:
    async with program(tmp_path, "gate", "yard") as apart:
        references = {adoption.read(line).reference for line in apart.lines[2:]}
    async with program(tmp_path, "gate", "yard", together=True) as joined:
        pass

    assert len(references) == 2
    assert len(joined.lines) == 2


async def test_a_port_beyond_the_last_is_not_listened_on(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="address"):
        async with program(tmp_path, "gate", port=65_535):
            pytest.fail("nothing listens")


def test_the_identity_stays_and_a_damaged_one_is_a_problem(tmp_path: Path) -> None:
    first = read_identity(tmp_path / "camera")
    again = read_identity(tmp_path / "camera")
    (tmp_path / "camera" / "identity").write_text("nonsense")

    with pytest.raises(Problem):
        read_identity(tmp_path / "camera")

    assert first == again
