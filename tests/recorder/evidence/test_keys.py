"""Keys: made once, kept, and followed by others; what a crash or a missing file changes."""

import stat
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from tawny.recorder.adapters.signing_key import key_in_use, open_keys
from tawny.recorder.evidence.keys import Keys
from tawny.runtime.clock import SimulatedClock
from tawny.runtime.problem import Kind, Problem
from tawny.wire.evidence.chains import read_chain
from tawny.wire.evidence.statements import key_statement, read_signature
from tawny.wire.moments import rfc3339

RECORDER = "rec_1"


@pytest.fixture
def clock() -> SimulatedClock:
    return SimulatedClock()


@pytest.fixture
def keys(tmp_path: Path, clock: SimulatedClock) -> Keys:
    return opened(tmp_path, clock)


def opened(directory: Path, clock: SimulatedClock) -> Keys:
    return open_keys(directory, clock=clock, recorder=lambda: RECORDER)


def test_the_first_start_makes_a_root_and_a_key_under_it(keys: Keys) -> None:
    key = keys.open()

    chain = read_chain(key.chain)
    assert chain.under(keys.root())
    assert (chain.key_id, chain.recorder) == (key.id, RECORDER)
    assert chain.signed(b"statement", key.sign(b"statement"))
    assert key.signing.kept_in == "file"


def test_later_starts_use_what_is_there(tmp_path: Path, keys: Keys, clock: SimulatedClock) -> None:
    first, root = keys.open(), keys.root()

    later = opened(tmp_path, clock)

    assert (later.open().id, later.open().chain, later.root()) == (first.id, first.chain, root)
    assert key_in_use(tmp_path).id == first.id


def test_only_the_owner_can_read_what_is_kept(tmp_path: Path, keys: Keys) -> None:
    keys.open()
    keys.rotate()

    files = [path for path in tmp_path.rglob("*") if path.is_file()]

    assert len(files) >= 7
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    assert stat.S_IMODE((tmp_path / "evidence").stat().st_mode) == 0o700


def test_a_new_key_is_signed_for_by_the_old_one_which_is_destroyed(
    tmp_path: Path, keys: Keys, clock: SimulatedClock
) -> None:
    old = keys.open()
    clock.wait(3600)

    new = keys.rotate()

    statement = key_statement(recorder=RECORDER, key=new.id, utc=rfc3339(new.since_us))
    assert new.previous == old.id
    assert read_chain(old.chain).signed(statement, read_signature(new.signature))
    assert keys.open().id == new.id
    assert keys.chain(old.id) == old.chain
    assert not (tmp_path / "evidence" / f"{old.id}.key").exists()
    assert [(r.id, r.until_us) for r in keys.records()] == [(new.id, None), (old.id, new.since_us)]


def test_the_first_key_signs_for_itself(keys: Keys) -> None:
    key = keys.open()

    statement = key_statement(recorder=RECORDER, key=key.id, utc=rfc3339(key.since_us))
    assert key.previous is None
    assert read_chain(key.chain).signed(statement, read_signature(key.signature))


def test_a_crash_before_the_key_is_in_use_leaves_the_one_before(
    tmp_path: Path, keys: Keys, clock: SimulatedClock
) -> None:
    old = keys.open()
    current = (tmp_path / "evidence" / "current").read_bytes()
    (tmp_path / "evidence" / "current.new").write_text("torn")
    kept = {path: path.read_bytes() for path in tmp_path.rglob(f"{old.id}.*")}
    keys.rotate()
    (tmp_path / "evidence" / "current").write_bytes(current)
    for path, data in kept.items():
        path.write_bytes(data)

    assert opened(tmp_path, clock).open().id == old.id


def test_without_the_roots_key_recording_is_signed_but_no_key_is_made(
    tmp_path: Path, keys: Keys, clock: SimulatedClock
) -> None:
    first = keys.open()
    (tmp_path / "root.key").unlink()

    later = opened(tmp_path, clock)

    assert later.open().id == first.id
    with pytest.raises(Problem, match="root's key is not here"):
        later.rotate()


def test_another_roots_key_is_refused(tmp_path: Path, keys: Keys) -> None:
    keys.open()
    other = tmp_path / "other"
    opened(other, SimulatedClock()).open()
    (tmp_path / "root.key").write_bytes((other / "root.key").read_bytes())

    with pytest.raises(Problem, match=r"is not the key of root\.pem"):
        keys.rotate()


@pytest.mark.parametrize("name", ["current", "{}.pem", "{}.key", "{}.json"])
@pytest.mark.parametrize("damage", [b"", b"\xff\xfe", b"{}", b"[]", None])
def test_damaged_files_are_told_with_a_remedy(tmp_path: Path, keys: Keys, name: str, damage: bytes | None) -> None:
    path = tmp_path / "evidence" / name.format(keys.open().id)
    if damage is None:
        if name == "current":
            return  # that is a first start
        path.unlink()
    else:
        path.write_bytes(damage)

    with pytest.raises(Problem) as caught:
        keys.open()

    assert caught.value.kind is Kind.UNAVAILABLE
    assert "backup" in caught.value.remedy


def test_no_key_is_made_by_a_program_that_only_signs(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="no evidence key yet"):
        key_in_use(tmp_path)

    assert not list(tmp_path.iterdir())


def test_no_path_is_made_of_what_is_no_key(keys: Keys) -> None:
    keys.open()

    with pytest.raises(FileNotFoundError):
        keys.chain("../root")


def test_a_clock_that_began_in_1970_makes_certificates_that_hold_today(tmp_path: Path) -> None:
    clock = SimulatedClock()
    today_us = clock.utc_us()
    clock.step(-today_us / 1e6)

    chain = read_chain(opened(tmp_path, clock).open().chain)

    assert chain.valid_at(today_us)


def test_the_certificate_has_the_profile_of_a_claim_signer(keys: Keys) -> None:
    leaf = read_chain(keys.open().chain).leaf

    extensions = leaf.extensions
    assert not extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    assert extensions.get_extension_for_class(x509.KeyUsage).value.digital_signature
    usage = extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert ExtendedKeyUsageOID.EMAIL_PROTECTION in usage
    above = extensions.get_extension_for_class(x509.AuthorityKeyIdentifier).value
    root = keys.root().extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    assert above.key_identifier == root.digest
