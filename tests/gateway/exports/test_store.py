import stat
from pathlib import Path

import pytest

from tawny.gateway.exports.model import Case, Job, State, read_job
from tawny.gateway.exports.store import JobStore
from tests.gateway.exports.building import export_file, job


def whole() -> Job:
    return job(
        state=State.DONE,
        case=Case(number="7", reason="Theft", officer="N. N."),
        files=(export_file(1), export_file(2)),
        zip_size=99,
        zip_sha256="0" * 64,
        progress=1.0,
        hold="hol_1",
        drive="usb-1",
        clock="The clock is right.",
    )


def test_a_job_comes_back_as_it_was_kept_and_nobody_else_may_read_it(tmp_path: Path) -> None:
    store = JobStore(tmp_path / "exports")
    store.save(whole())
    store.save(job("exp_b"))

    assert sorted(store.load(), key=lambda found: found.id) == [whole(), job("exp_b")]
    assert stat.S_IMODE((tmp_path / "exports/exp_a/job.json").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "exports/exp_a").stat().st_mode) == 0o700


def test_a_removed_job_is_gone_and_a_late_change_does_not_bring_it_back(tmp_path: Path) -> None:
    store = JobStore(tmp_path / "exports")
    store.save(job())
    (tmp_path / "exports/exp_a/files").mkdir()
    (tmp_path / "exports/exp_a/files/x.mp4").write_bytes(b"x")

    store.remove("exp_a")
    store.save(job())
    store.remove("exp_a")

    assert list((tmp_path / "exports").iterdir()) == []


def test_what_a_crash_left_half_removed_or_half_made_is_swept_away(tmp_path: Path) -> None:
    store = JobStore(tmp_path / "exports")
    store.save(job())
    (tmp_path / "exports/.gone-exp_b/files").mkdir(parents=True)
    (tmp_path / "exports/exp_c").mkdir()
    (tmp_path / "exports/exp_c/.job.json").write_text("{}")

    found = store.load()

    assert [each.id for each in found] == ["exp_a"]
    assert [path.name for path in (tmp_path / "exports").iterdir()] == ["exp_a"]


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", '{"version": 1}', '{"version": 1, "id": "../x"}', "[" * 100_000]
)
def test_what_is_no_job_is_left_alone(tmp_path: Path, text: str) -> None:
    store = JobStore(tmp_path / "exports")
    store.save(job("exp_b"))
    (tmp_path / "exports/exp_a").mkdir()
    (tmp_path / "exports/exp_a/job.json").write_text(text)

    found = store.load()

    assert [each.id for each in found] == ["exp_b"]
    assert (tmp_path / "exports/exp_a/job.json").read_text() == text


def test_a_job_under_another_name_is_none(tmp_path: Path) -> None:
    store = JobStore(tmp_path / "exports")
    store.save(job())
    (tmp_path / "exports/exp_a").rename(tmp_path / "exports/exp_b")

    assert store.load() == []


def test_clearing_keeps_the_job_and_nothing_of_its_files(tmp_path: Path) -> None:
    store = JobStore(tmp_path / "exports")
    store.save(job())
    (tmp_path / "exports/exp_a/files").mkdir()
    (tmp_path / "exports/exp_a/files/x.mp4").write_bytes(b"x" * 10)
    (tmp_path / "exports/exp_a/export.zip").write_bytes(b"z" * 10)
    before = store.used("exp_a")

    store.clear("exp_a")

    assert before - store.used("exp_a") == 20
    assert store.load() == [job()]


def test_the_document_for_people_says_nothing_of_what_is_kept_beside_it() -> None:
    document = whole().document()

    assert not set(document) & {"recorder", "cameras", "clock", "version", "compatible"}
    assert read_job(whole().kept()) == whole()
