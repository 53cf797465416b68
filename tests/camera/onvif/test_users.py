from pathlib import Path

import pytest

from tawny.camera.onvif.users import User, Users, read_users
from tawny.runtime.problem import Problem
from tawny.wire.onvif.answers.access import Level

ANNA = User(name="anna", level=Level.ADMINISTRATOR, password="pässword")


def test_users_are_there_after_a_restart_and_for_nobody_else_to_read(tmp_path: Path) -> None:
    read_users(tmp_path / "users.json").change([ANNA])

    again = read_users(tmp_path / "users.json")

    assert again.listed() == [ANNA]
    assert again["anna"] == "pässword"
    assert (tmp_path / "users.json").stat().st_mode & 0o777 == 0o600


def test_without_users_somebody_is_still_asked_for() -> None:
    assert Users(None, {})


@pytest.mark.parametrize("text", ["", "[1]", '[{"name": "a"}]', '[{"name": "a", "password": "b", "level": "King"}]'])
def test_a_damaged_file_is_a_problem_with_a_remedy(tmp_path: Path, text: str) -> None:
    path = tmp_path / "users.json"
    path.write_text(text)

    with pytest.raises(Problem) as problem:
        read_users(path)

    assert "Remove" in problem.value.remedy


def test_a_password_does_not_appear_where_a_user_is_printed() -> None:
    assert "pässword" not in repr(ANNA)
