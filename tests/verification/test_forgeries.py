"""Files that somebody signed with a key of their own: whatever they say, the verdict comes, and it is not authentic."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tawny.export.pieces import Pieces
from tawny.export.signing import Claim
from tawny.verification.commands import main
from tawny.verification.service import verify
from tawny.verification.verdict import Word
from tawny.wire.c2pa.store import RECORDING, read_store
from tawny.wire.evidence.chains import read_root
from tawny.wire.evidence.recording import Recording
from tawny.wire.mp4.export import SIGNATURE_HEAD, Layout, read_layout
from tawny.wire.mp4.movie import FTYP, Piece
from tests.export.building import SignedArchive
from tests.verification.building import exported, small_archive

ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.text(max_size=20),
    st.lists(st.integers(0, 9), max_size=3),
    st.sampled_from(["9999-12-31T23:59:59.999999Z", "0000", "ff" * 32, {}, [[0, 99_999]], 2**53 - 1]),
)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SignedArchive]:
    archive = small_archive(tmp_path_factory.mktemp("archive"))
    yield archive
    archive.close()


@pytest.fixture(scope="module")
def original(archive: SignedArchive) -> bytes:
    return exported(archive, audio=False).read_bytes()


@pytest.fixture(scope="module")
def root(archive: SignedArchive) -> x509.Certificate:
    return read_root(archive.root_pem.read_bytes())


def layout_of(data: bytes) -> Layout:
    return read_layout(lambda offset, size: data[offset : offset + size], len(data))


def recording_of(data: bytes) -> dict[str, Any]:
    box = layout_of(data).signature
    store = read_store(data[box.body + len(SIGNATURE_HEAD) : box.end])
    found: dict[str, Any] = json.loads(store.assertions[RECORDING])
    return found


def signed_again(archive: SignedArchive, data: bytes, recording: dict[str, Any]) -> bytes:
    """The same media under another assertion, with a signature that is right."""
    claim = Claim(archive.key, title="01-gate-sud-main-20261122T120000Z.mp4", recording=json.dumps(recording))
    rest = data[layout_of(data).signature.end :]
    parts = [FTYP, claim.placeholder, rest]
    with Pieces([Piece(size=len(part), data=part) for part in parts], told=lambda size: None) as planned:
        return FTYP + claim.sign(planned) + rest


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, inner in items:
        yield (*path, name)
        yield from places(inner, (*path, name))


def changed(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    copy = json.loads(json.dumps(value))
    inner = copy
    for name in path[:-1]:
        inner = inner[name]
    inner[path[-1]] = new
    return copy


def test_signed_again_as_it_was_it_is_authentic_again(
    archive: SignedArchive, original: bytes, root: x509.Certificate, tmp_path: Path
) -> None:
    file = tmp_path / "again.mp4"
    file.write_bytes(signed_again(archive, original, recording_of(original)))

    verdict = verify(file, trust=[root])

    assert verdict.word is Word.AUTHENTIC


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(draw=st.data())
def test_an_assertion_that_says_anything_else_is_not_authentic(
    archive: SignedArchive, original: bytes, root: x509.Certificate, draw: st.DataObject
) -> None:
    recording = recording_of(original)
    path = draw.draw(st.sampled_from(sorted(places(recording), key=str)))
    forged = changed(recording, path, draw.draw(ODD))
    file = archive.data.root / "forged.mp4"
    file.write_bytes(signed_again(archive, original, forged))

    verdict = verify(file, trust=[root])

    try:
        same = Recording.from_json(json.dumps(forged)) == Recording.from_json(json.dumps(recording))
    except ValueError:
        same = False
    told = path[0] in {"part", "case", "asked", "exported", "recorder", "camera", "certificates", "gaps", "audio"}
    assert same or told or verdict.word is not Word.AUTHENTIC
    json.dumps(verdict.document())


def test_names_from_a_file_reach_no_terminal_as_commands(
    archive: SignedArchive, original: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    recording = recording_of(original)
    recording["camera"]["name"] = "\x1b[2Jgate"
    file = tmp_path / "forged.mp4"
    file.write_bytes(signed_again(archive, original, recording))

    code = main(["verify", str(file), "--trust", str(archive.root_pem)])

    assert code == 1  # the description tells of another name
    assert "\x1b" not in capsys.readouterr().out
