from pathlib import Path

import pytest

from tawny.camera.scenes.rendering import NAMES, render_files, scene
from tawny.runtime.problem import Problem


@pytest.mark.parametrize("name", NAMES)
def test_each_scene_bears_its_name(name: str) -> None:
    place = scene(name)

    assert place.name == name
    assert place.title == name.upper()


def test_an_unknown_scene_is_told_with_those_there_are() -> None:
    with pytest.raises(Problem, match="no scene called attic") as told:
        scene("attic")

    assert "corridor" in told.value.remedy


def test_a_render_whose_waiting_process_is_gone_stops(tmp_path: Path) -> None:
    with pytest.raises(ProcessLookupError, match="gate"):
        render_files("gate", tmp_path, 1, rough=True)
