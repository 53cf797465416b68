from pathlib import Path

from tawny.recorder.adapters.drive_sensors import DriveSensors


def sensor(root: Path, number: int, *, driver: str, disk: str, says: str) -> None:
    hwmon = root / f"hwmon{number}"
    device = hwmon / "device"
    (device / disk if driver == "nvme" else device / "block" / disk).mkdir(parents=True)
    (hwmon / "name").write_text(f"{driver}\n")
    (hwmon / "temp1_input").write_text(says)


def test_drives_are_found_by_their_sensors(tmp_path: Path) -> None:
    sensor(tmp_path, 0, driver="drivetemp", disk="sda", says="31000\n")
    sensor(tmp_path, 1, driver="nvme", disk="nvme0n1", says="49850\n")
    sensor(tmp_path, 2, driver="coretemp", disk="sdz", says="90000\n")

    assert DriveSensors(tmp_path).read() == {"sda": 31, "nvme0n1": 50}


def test_a_sensor_that_does_not_answer_is_left_out(tmp_path: Path) -> None:
    sensor(tmp_path, 0, driver="drivetemp", disk="sda", says="")
    sensor(tmp_path, 1, driver="drivetemp", disk="sdb", says="-128000\n")

    assert DriveSensors(tmp_path).read() == {}


def test_a_machine_without_sensors_has_none(tmp_path: Path) -> None:
    assert DriveSensors(tmp_path / "none").read() == {}
