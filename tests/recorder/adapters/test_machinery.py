from pathlib import Path

from tawny.recorder.adapters.machinery import machinery


def test_the_machine_tells_where_a_directory_lies(tmp_path: Path) -> None:
    machine = machinery()

    assert "/" in {mount.path for mount in machine.devices.read().mounts}
    assert machine.places.look(tmp_path) is not None
