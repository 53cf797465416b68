"""Keys in a token, with SoftHSM."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tawny.recorder.adapters.signing_key import open_keys
from tawny.recorder.evidence.keys import Keys
from tawny.runtime.clock import SimulatedClock
from tawny.runtime.problem import Problem
from tawny.wire.evidence.chains import read_chain
from tawny.wire.evidence.statements import key_statement, read_signature
from tawny.wire.moments import rfc3339

MODULES = [Path("/usr/lib/softhsm/libsofthsm2.so"), Path("/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so")]
MODULE = next((path for path in MODULES if path.exists()), None)
PIN = "4711-geheim"


@pytest.fixture(scope="module")
def token(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The label of a fresh token; SoftHSM reads its settings once a process."""
    pytest.importorskip("pkcs11", reason="needs the extra pkcs11")
    util = shutil.which("softhsm2-util")
    if MODULE is None or util is None:
        pytest.skip("needs SoftHSM (package softhsm2)")
    directory = tmp_path_factory.mktemp("softhsm")
    (directory / "tokens").mkdir()
    settings = directory / "softhsm2.conf"
    settings.write_text(f"directories.tokendir = {directory / 'tokens'}\n")
    before = os.environ.get("SOFTHSM2_CONF")
    os.environ["SOFTHSM2_CONF"] = str(settings)
    words = [util, "--init-token", "--free", "--label", "tawny", "--pin", PIN, "--so-pin", "so-pin-1"]
    subprocess.run(words, check=True, capture_output=True)
    yield "tawny"
    if before is None:
        del os.environ["SOFTHSM2_CONF"]
    else:
        os.environ["SOFTHSM2_CONF"] = before


def keys_in(directory: Path, *, token: str = "tawny", pin: str = PIN, module: str = str(MODULE)) -> Keys:
    directory.mkdir(exist_ok=True)
    pin_file = directory / "pin"
    pin_file.write_text(pin + "\n")
    pin_file.chmod(0o600)
    (directory / "pkcs11.json").write_text(json.dumps({"module": module, "token": token, "pin_file": str(pin_file)}))
    return open_keys(directory, clock=SimulatedClock(), recorder=lambda: "rec_1")


def test_a_token_that_cannot_be_used_is_told_without_its_pin(token: str, tmp_path: Path) -> None:
    # first in this file: once a process is logged in to a token, the token asks for no PIN
    for wrong in (
        keys_in(tmp_path / "1", token="other"),
        keys_in(tmp_path / "2", token=token, pin="0000-0000"),
        keys_in(tmp_path / "3", token=token, module="/nowhere/lib.so"),
    ):
        with pytest.raises(Problem) as caught:
            wrong.open()

        told = f"{caught.value.title} {caught.value.remedy} {caught.value.__cause__}"
        assert "can't be" in caught.value.title
        assert PIN not in told
        assert "0000-0000" not in told


def test_a_key_is_made_in_the_token_and_found_again(token: str, tmp_path: Path) -> None:
    made = keys_in(tmp_path, token=token).open()

    found = keys_in(tmp_path, token=token).open()

    assert (found.id, found.signing.kept_in) == (made.id, "pkcs11")
    assert read_chain(found.chain).signed(b"statement", found.sign(b"statement"))
    assert not list((tmp_path / "evidence").glob("*.key"))


def test_a_file_key_is_followed_by_one_in_the_token(token: str, tmp_path: Path) -> None:
    old = open_keys(tmp_path, clock=SimulatedClock(), recorder=lambda: "rec_1").open()

    new = keys_in(tmp_path, token=token).rotate()

    statement = key_statement(recorder="rec_1", key=new.id, utc=rfc3339(new.since_us))
    assert (old.signing.kept_in, new.signing.kept_in) == ("file", "pkcs11")
    assert read_chain(old.chain).signed(statement, read_signature(new.signature))


def test_a_pin_that_others_can_read_is_refused(tmp_path: Path) -> None:
    pytest.importorskip("pkcs11", reason="needs the extra pkcs11")
    if MODULE is None:
        pytest.skip("needs SoftHSM (package softhsm2)")
    keys = keys_in(tmp_path)
    (tmp_path / "pin").chmod(0o644)

    with pytest.raises(Problem, match="Others may read the PIN"):
        keys.open()


@pytest.mark.parametrize("settings", ["", "[]", "{}", '{"module": "x"}', "\xff"])
def test_settings_that_cannot_be_understood_are_told(settings: str, tmp_path: Path) -> None:
    keys = open_keys(tmp_path, clock=SimulatedClock(), recorder=lambda: "rec_1")
    (tmp_path / "pkcs11.json").write_text(settings)

    with pytest.raises(Problem, match=r"pkcs11\.json can't be understood"):
        keys.open()
