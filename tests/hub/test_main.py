"""The hub as a whole: first start, set-up, HTTPS, what stands in its way."""

import asyncio
import re
import shutil
import socket
import ssl
import stat
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from cryptography import x509

from tawny.hub import commands
from tawny.hub.access.model import Visitor
from tawny.hub.main import Hub, Settings, open_access, open_hub
from tawny.hub.servers.install import fingerprint
from tawny.runtime.clock import SystemClock
from tawny.runtime.data_directory import DataDirectory
from tawny.runtime.problem import Kind, Problem
from tawny.runtime.tasks import Tasks
from tests.hub.running import PASSWORD, USER, running_hub

OWNER = {"user": USER, "password": PASSWORD}


@pytest.fixture
def data() -> Iterator[Path]:
    directory = Path(tempfile.mkdtemp(prefix="tawny-hub-", dir="/tmp"))
    yield directory / "data"
    shutil.rmtree(directory)


@asynccontextmanager
async def serving(settings: Settings) -> AsyncIterator[Hub]:
    async with open_hub(settings, SystemClock()) as hub, Tasks("test") as tasks:
        running = tasks.start(hub.serve(), name="hub")
        yield hub
        hub.stop()
        await running


def code_in(data: Path) -> str:
    return (data / "run" / "setup-code").read_text().strip()


async def test_the_first_start_makes_a_code_that_makes_the_owner(data: Path, caplog: pytest.LogCaptureFixture) -> None:
    async with serving(Settings(data=data, port=0)) as hub, httpx.AsyncClient(base_url=hub.url) as client:
        code = code_in(data)
        assert re.fullmatch(r"[A-Z2-9]{4}-[A-Z2-9]{4}", code)
        assert stat.S_IMODE((data / "run" / "setup-code").stat().st_mode) == 0o600
        assert code in caplog.text
        assert (await client.get("/api/v1/session")).json() == {"setup_required": True, "user": None}

        wrong = await client.post("/api/v1/setup", json=OWNER | {"code": "AAAA-AAAA"})
        short = await client.post("/api/v1/setup", json=OWNER | {"code": code, "password": "short"})
        right = await client.post("/api/v1/setup", json=OWNER | {"code": code.lower()})
        again = await client.post("/api/v1/setup", json=OWNER | {"code": code})

        assert (wrong.status_code, wrong.json()["field"]) == (403, "code")
        assert (short.status_code, short.json()["field"]) == (400, "password")
        assert right.status_code == 201
        assert (await client.get("/api/v1/session")).json() == {"setup_required": False, "user": {"name": USER}}
        assert again.status_code == 409
        assert not (data / "run" / "setup-code").exists()
    assert code not in (data / "hub.db").read_bytes().decode("latin-1")


async def test_a_restart_before_set_up_keeps_the_code_and_is_quiet_about_it(
    data: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with open_hub(Settings(data=data, port=0), SystemClock()):
        code = code_in(data)
    caplog.clear()

    async with open_hub(Settings(data=data, port=0), SystemClock()) as hub:
        assert code_in(data) == code
        assert await hub.access.setup_code_valid(code)
        assert code not in caplog.text


async def test_a_lost_code_file_means_a_new_code(data: Path) -> None:
    async with open_hub(Settings(data=data, port=0), SystemClock()):
        first = code_in(data)
    (data / "run" / "setup-code").unlink()

    async with open_hub(Settings(data=data, port=0), SystemClock()) as hub:
        assert not await hub.access.setup_code_valid(first)
        assert await hub.access.setup_code_valid(code_in(data))


async def test_sessions_outlive_a_restart(data: Path) -> None:
    async with serving(Settings(data=data, port=0)) as hub, httpx.AsyncClient(base_url=hub.url) as client:
        token = (await client.post("/api/v1/setup", json=OWNER | {"code": code_in(data)})).json()["token"]

    async with serving(Settings(data=data, port=0)) as hub:
        headers = {"Authorization": f"Bearer {token}"}
        async with httpx.AsyncClient(base_url=hub.url, headers=headers) as client:
            answer = (await client.get("/api/v1/sessions")).json()

    assert [item["current"] for item in answer["items"]] == [True]


async def test_another_place_is_signed_out_by_its_session(data: Path) -> None:
    async with running_hub() as running, running.stranger(headers={"User-Agent": "Phone"}) as phone:
        await phone.post("/api/v1/session", json=OWNER)
        items = (await running.client.get("/api/v1/sessions")).json()["items"]
        other = next(item for item in items if item["user_agent"] == "Phone")

        assert (await running.client.delete(f"/api/v1/sessions/{other['id']}")).status_code == 204

        assert not other["current"]
        assert (await phone.get("/api/v1/sessions")).status_code == 401
        assert (await running.client.get("/api/v1/sessions")).status_code == 200
        assert (await running.client.delete("/api/v1/sessions/ses_nothing")).status_code == 404


async def test_one_hub_uses_a_data_directory(data: Path) -> None:
    async with open_hub(Settings(data=data, port=0), SystemClock()):
        with pytest.raises(Problem) as refused:
            async with open_hub(Settings(data=data, port=0), SystemClock()):
                pass

    assert refused.value.kind is Kind.CONFLICT


async def test_a_port_in_use_is_a_plain_sentence(data: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(Problem) as refused:
        async with open_hub(Settings(data=data, port=taken.getsockname()[1]), SystemClock()):
            pass

    assert "can't be used: Address already in use" in refused.value.title
    assert "--port" in refused.value.remedy


async def test_the_database_is_readable_by_this_user_only(data: Path) -> None:
    async with open_hub(Settings(data=data, port=0), SystemClock()):
        assert stat.S_IMODE((data / "hub.db").stat().st_mode) == 0o600


async def test_beyond_loopback_all_is_https_by_our_own_authority(data: Path, caplog: pytest.LogCaptureFixture) -> None:
    settings = Settings(data=data, listen="0.0.0.0", port=0, names=("nvr.example",))
    async with serving(settings) as hub:
        port = hub.url.rpartition(":")[2]
        trust = ssl.create_default_context(cafile=data / "keys" / "ca.pem")
        async with httpx.AsyncClient(base_url=f"https://127.0.0.1:{port}", verify=trust) as client:
            page = await client.get("/install")
            authority = (await client.get("/ca.pem")).content
            cookie = (await client.post("/api/v1/setup", json=OWNER | {"code": code_in(data)})).headers["set-cookie"]
            named = await client.get("/api/v1/session", headers={"Host": "nvr.example"})
            by_address = await client.get("/api/v1/health", headers={"Host": "192.0.2.77:8090"})
            foreign = await client.get("/api/v1/health", headers={"Host": "evil.example"})

    shown = fingerprint(x509.load_pem_x509_certificate(authority))
    assert hub.url.startswith("https://")
    assert shown in page.text
    assert shown in caplog.text
    assert b"PRIVATE" not in authority
    assert cookie.startswith("__Host-tawny=")
    assert "; Secure" in cookie
    assert named.json()["user"] == {"name": USER}
    assert by_address.status_code == 200
    assert foreign.status_code == 403


async def test_on_loopback_there_is_no_authority_to_install() -> None:
    async with running_hub() as running:
        for path in ("/install", "/ca.pem"):
            assert (await running.client.get(path)).status_code == 404


async def test_the_verb_owner_makes_the_owner_and_resets_the_password(data: Path, tmp_path: Path) -> None:
    file = tmp_path / "password"
    words = ["owner", "--data", str(data), "--user", USER, "--password-file", str(file)]
    file.write_text(PASSWORD + "\n")
    assert await _run(words) == 0
    async with open_access(DataDirectory(root=data), SystemClock()) as access:
        token = await access.sign_in(user=USER, password=PASSWORD, visitor=_visitor())
        file.write_text("another long password\r\n")

        assert await _run(words) == 0

        assert await access.signed_in(token) is None
        assert await access.sign_in(user=USER, password="another long password", visitor=_visitor())


async def test_the_verb_owner_refuses_a_short_password_in_one_line(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "password").write_text("short")
    words = ["owner", "--data", str(data), "--user", USER, "--password-file", str(tmp_path / "password")]

    assert await _run(words) == 1

    said = capsys.readouterr().err
    assert said.startswith("tawny owner: The password is too short")
    assert said.count("\n") == 1


async def test_a_set_up_code_ends_when_the_verb_made_the_owner(data: Path, tmp_path: Path) -> None:
    (tmp_path / "password").write_text(PASSWORD)
    async with serving(Settings(data=data, port=0)) as hub, httpx.AsyncClient(base_url=hub.url) as client:
        code = code_in(data)
        await _run(["owner", "--data", str(data), "--user", USER, "--password-file", str(tmp_path / "password")])

        assert (await client.post("/api/v1/setup", json=OWNER | {"code": code})).status_code == 409
        assert not (data / "run" / "setup-code").exists()
        assert (await client.post("/api/v1/session", json=OWNER)).status_code == 201


def test_a_certificate_needs_its_key(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        commands.main(["hub", "--data", "x", "--certificate", "cert.pem"])

    assert "--certificate and --key go together" in capsys.readouterr().err


def test_an_address_is_an_address(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        commands.main(["hub", "--data", "x", "--listen", "my house"])

    assert "my house" in capsys.readouterr().err


async def _run(words: list[str]) -> int:
    """The verb as its own program would run it: with an event loop of its own."""
    return await asyncio.to_thread(commands.main, words)


def _visitor() -> Visitor:
    return Visitor(address="127.0.0.1", user_agent="test")
