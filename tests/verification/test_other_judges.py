"""Exports before judges that are not ours: C2PA's engine in Rust and as WebAssembly, another maker's, and ffmpeg."""

import json
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import c2pa
import encypher_c2pa
import pytest

from tests.export.building import NOON_US, SignedArchive
from tests.verification.building import exported, small_archive
from tests.wire.mp4.ffmpeg import decode, packets, probe

WASM = Path(__file__).parents[2] / "web" / "node_modules" / "@contentauth" / "c2pa-wasm"
Judge = Callable[[Path, str], str]


def rust(file: Path, root: str) -> str:
    settings = c2pa.Settings.from_dict({"version": 1, "trust": {"user_anchors": root}})
    with file.open("rb") as stream, c2pa.Reader("video/mp4", stream, context=c2pa.Context(settings)) as reader:
        return str(reader.get_validation_state())


def encypher(file: Path, root: str) -> str:
    report = encypher_c2pa.verify(
        file.read_bytes(), "video/mp4", trust_pem=root, no_default_trust=True, telemetry=False, online=False
    )
    return str(report["validation_state"])


def wasm(file: Path, root: str) -> str:
    node = shutil.which("node")
    if node is None or not WASM.is_dir():
        pytest.skip("needs Node and web/node_modules (make setup)")
    anchor = file.with_suffix(".pem")
    anchor.write_text(root)
    script = Path(__file__).with_name("c2pa_wasm.mjs")
    ran = subprocess.run([node, script, WASM, anchor, file], capture_output=True, text=True, timeout=60, check=True)
    return ran.stdout.strip()


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SignedArchive]:
    archive = small_archive(tmp_path_factory.mktemp("archive"))
    yield archive
    archive.close()


@pytest.fixture(scope="module")
def export(archive: SignedArchive) -> Path:
    return exported(archive, 0.5, 5)


@pytest.mark.parametrize("judge", [rust, encypher, wasm])
def test_every_verifier_trusts_an_untouched_export(judge: Judge, archive: SignedArchive, export: Path) -> None:
    assert judge(export, archive.root_pem.read_text()) == "Trusted"


@pytest.mark.parametrize("judge", [rust, encypher, wasm])
def test_every_verifier_finds_a_changed_picture(
    judge: Judge, archive: SignedArchive, export: Path, tmp_path: Path
) -> None:
    data = bytearray(export.read_bytes())
    data[-100] ^= 1
    changed = tmp_path / "changed.mp4"
    changed.write_bytes(data)

    assert judge(changed, archive.root_pem.read_text()) == "Invalid"


def test_ffmpeg_plays_it_with_the_recorded_packets_and_the_asked_start(archive: SignedArchive, export: Path) -> None:
    stored = sorted(archive.data.archive.rglob("*.mp4"))

    told = probe(export)

    assert decode(export) == ""
    assert float(told["format"]["duration"]) == pytest.approx(4.5, abs=0.05)
    for stream in ("v", "a"):
        recorded = [found for segment in stored for _, found in packets(segment, stream)]
        assert [found for _, found in packets(export, stream)] == recorded


def test_the_description_tells_the_start_in_utc(export: Path) -> None:
    data = export.read_bytes()
    at = data.index(b"cstb")

    start = int.from_bytes(data[at + 12 : at + 20], "big")

    assert start // 10 - 11_644_473_600_000_000 == NOON_US + 500_000
    assert json.dumps("Gate Süd", ensure_ascii=False).strip('"').encode() in data[data.index(b"suep") : at]
