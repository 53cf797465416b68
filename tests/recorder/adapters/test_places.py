import json
from pathlib import Path

import pytest

from tawny.recorder.adapters.places import DirectoryPlaces
from tawny.runtime.clock import from_utc_us

DAY = "2026-11-22"
SEGMENT = "20261122T120000.000000Z-main.mp4"


def archive(root: Path, *, volume: str = "vol_a") -> Path:
    hour = root / "cam_a" / DAY / "12"
    hour.mkdir(parents=True)
    (hour / SEGMENT).write_bytes(b"video")
    (root / "cam_a" / DAY / "ledger.jsonl").write_text("{}\n")
    (root / "recorder" / DAY).mkdir(parents=True)
    (root / "recorder" / DAY / "ledger.jsonl").write_text("{}\n")
    (root / "reserve").write_bytes(bytes(10))
    (root / "certificates.pem").write_text("public")
    (root / ".volume.json.new").write_text("torn")
    (root / "volume.json").write_text(json.dumps({"id": volume}))
    return root


def test_an_archive_goes_whole_with_its_identity(tmp_path: Path) -> None:
    root, told = archive(tmp_path / "volume"), list[float]()

    left = DirectoryPlaces().erase(root, "vol_a", told.append)

    assert list(root.iterdir()) == []
    assert left == 0
    assert told == sorted(told)


def test_what_belongs_to_others_stays(tmp_path: Path) -> None:
    root = archive(tmp_path / "volume")
    (root / "holiday").mkdir()
    (root / "holiday" / "beach.jpg").write_bytes(b"sea")
    (root / "cam_a" / DAY / "12" / "notes.txt").write_text("mine")
    (root / "cam_a" / DAY / "12" / f"{SEGMENT}.d").mkdir()

    left = DirectoryPlaces().erase(root, "vol_a", lambda _: None)

    assert (root / "holiday" / "beach.jpg").exists()
    assert (root / "cam_a" / DAY / "12" / "notes.txt").exists()
    assert not (root / "cam_a" / DAY / "12" / SEGMENT).exists()
    assert left == 2


def test_no_link_is_followed(tmp_path: Path) -> None:
    root, outside = archive(tmp_path / "volume"), archive(tmp_path / "other", volume="vol_b")
    (root / "cam_link").symlink_to(outside / "cam_a")
    (root / "cam_a" / "2026-11-23").symlink_to(outside / "cam_a" / DAY)
    (root / "cam_a" / DAY / "13").symlink_to(outside / "cam_a" / DAY / "12")
    (root / "cam_a" / DAY / "12" / "20261122T120100.000000Z-main.mp4").symlink_to(
        outside / "cam_a" / DAY / "12" / SEGMENT
    )

    DirectoryPlaces().erase(root, "vol_a", lambda _: None)

    assert (outside / "cam_a" / DAY / "12" / SEGMENT).exists()
    assert (outside / "cam_a" / DAY / "ledger.jsonl").exists()
    assert (root / "cam_link").is_symlink()


@pytest.mark.parametrize("identity", [None, "{}", '{"id": "vol_b"}', "garbage", '{"id": 3}'])
def test_nothing_goes_where_the_identity_is_another(tmp_path: Path, identity: str | None) -> None:
    root = archive(tmp_path / "volume")
    (root / "volume.json").unlink()
    if identity is not None:
        (root / "volume.json").write_text(identity)

    with pytest.raises(ValueError, match="identity"):
        DirectoryPlaces().erase(root, "vol_a", lambda _: None)

    assert (root / "cam_a" / DAY / "12" / SEGMENT).exists()


def test_an_identity_behind_a_link_counts_for_nothing(tmp_path: Path) -> None:
    root, outside = archive(tmp_path / "volume"), tmp_path / "volume.json"
    (root / "volume.json").rename(outside)
    (root / "volume.json").symlink_to(outside)

    with pytest.raises(ValueError, match="identity"):
        DirectoryPlaces().erase(root, "vol_a", lambda _: None)


def test_erasing_that_was_cut_short_can_be_repeated(tmp_path: Path) -> None:
    root = archive(tmp_path / "volume")

    def crash(_: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        DirectoryPlaces().erase(root, "vol_a", crash)
    DirectoryPlaces().erase(root, "vol_a", lambda _: None)

    assert list(root.iterdir()) == []


def test_an_archive_is_found_in_a_volume_and_in_a_whole_data_directory(tmp_path: Path) -> None:
    archive(tmp_path / "volume")
    archive(tmp_path / "data" / "archive")

    volume = DirectoryPlaces().look(tmp_path / "volume")
    data = DirectoryPlaces().look(tmp_path / "data")

    assert volume is not None
    assert volume.archive is not None
    assert from_utc_us(volume.archive.oldest_us or 0).isoformat() == "2026-11-22T12:00:00+00:00"
    assert data is not None
    assert data.archive is not None
    assert (Path(data.path), data.archive.volume) == (tmp_path / "data" / "archive", "vol_a")


def test_a_new_file_system_is_empty(tmp_path: Path) -> None:
    (tmp_path / "lost+found").mkdir()

    inside = DirectoryPlaces().look(tmp_path)

    assert inside is not None
    assert (inside.empty, inside.archive) == (True, None)
    assert inside.total_bytes >= inside.free_bytes > 0


def test_somebodys_files_are_seen_and_a_place_that_is_gone_is_not(tmp_path: Path) -> None:
    (tmp_path / "thesis.doc").write_text("years")

    inside = DirectoryPlaces().look(tmp_path)

    assert inside is not None
    assert not inside.empty
    assert DirectoryPlaces().look(tmp_path / "gone") is None
