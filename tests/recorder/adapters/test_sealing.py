from pathlib import Path

import pytest

from tawny.recorder.adapters.sealing import Seal


def test_what_is_sealed_opens_for_its_row() -> None:
    seal = Seal(bytes(32))

    assert seal.open(seal.seal("tajné heslo", row="a"), row="a") == "tajné heslo"


def test_a_secret_copied_into_another_row_does_not_open() -> None:
    seal = Seal(bytes(32))

    with pytest.raises(ValueError, match="does not open"):
        seal.open(seal.seal("secret", row="a"), row="b")


@pytest.mark.parametrize("damaged", [b"", b"short", bytes(40)])
def test_damaged_bytes_do_not_open(damaged: bytes) -> None:
    with pytest.raises(ValueError):
        Seal(bytes(32)).open(damaged, row="a")


def test_the_same_secret_is_sealed_differently_each_time() -> None:
    seal = Seal(bytes(32))

    assert seal.seal("secret", row="a") != seal.seal("secret", row="a")


def test_the_key_is_made_once_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    first = Seal.at(tmp_path / "key")
    (tmp_path / "key").chmod(0o644)

    again = Seal.at(tmp_path / "key")

    assert again.open(first.seal("secret", row="a"), row="a") == "secret"
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["key"]


def test_a_damaged_key_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "key").write_bytes(b"half")

    with pytest.raises(ValueError, match="damaged"):
        Seal.at(tmp_path / "key")
    assert (tmp_path / "key").read_bytes() == b"half"
