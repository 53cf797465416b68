import stat
from pathlib import Path

from tawny.supervisor.login import Login, random_password, read_login, write_login, write_privately

LOGIN = Login(url="http://127.0.0.1:8090", user="owner", password="secret1")


def test_a_written_login_reads_back_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "login.json"

    write_login(file, LOGIN)

    assert read_login(file) == LOGIN
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_writing_again_replaces_the_file_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    file = tmp_path / "login.json"
    file.write_text("old and open to all")
    file.chmod(0o644)

    write_privately(file, "new")

    assert file.read_text() == "new"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [file]


def test_no_login_or_a_broken_one_reads_as_none(tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    broken.write_text('{"url": 1')
    other = tmp_path / "other"
    other.write_text('["url", "user", "password"]')

    assert [read_login(tmp_path / "missing"), read_login(broken), read_login(other)] == [None, None, None]


def test_passwords_are_letters_and_digits_and_differ() -> None:
    passwords = {random_password() for _ in range(50)}

    assert len(passwords) == 50
    assert all(len(p) == 16 and p.isascii() and p.isalnum() for p in passwords)
