from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tawny.gateway.exchange import Answer, Request
from tawny.gateway.exports.files import Part, file_answer, part_wanted
from tawny.runtime.problem import Kind, Problem


async def body(answer: Answer) -> bytes:
    assert not isinstance(answer.body, bytes)
    return b"".join([piece async for piece in answer.body])


def asking(**headers: str) -> Request:
    return Request(method="GET", path="/exports/exp_a/export.zip", headers=headers)


@pytest.mark.parametrize(
    ("header", "part"),
    [
        ("bytes=0-0", Part(0, 1)),
        ("bytes=10-19", Part(10, 20)),
        ("bytes=90-", Part(90, 100)),
        ("bytes=90-900", Part(90, 100)),
        ("bytes=-10", Part(90, 100)),
        ("bytes=-1000", Part(0, 100)),
        ("", None),
        ("bytes=", None),
        ("bytes=-", None),
        ("bytes=9-3", None),
        ("bytes=0-1,5-6", None),
        ("seconds=1-2", None),
    ],
)
def test_a_range_is_what_rfc_9110_says_or_all_of_it(header: str, part: Part | None) -> None:
    assert part_wanted(header, 100) == part


@pytest.mark.parametrize("header", ["bytes=100-", "bytes=100-200", "bytes=-0"])
def test_a_range_behind_the_end_is_refused(header: str) -> None:
    with pytest.raises(Problem) as problem:
        part_wanted(header, 100)

    assert problem.value.kind is Kind.INVALID


@given(st.text(max_size=40) | st.from_regex(r"bytes=\d{0,25}-\d{0,25}", fullmatch=True), st.integers(1, 10**13))
def test_whatever_is_asked_for_lies_inside_the_file(header: str, size: int) -> None:
    try:
        part = part_wanted(header, size)
    except Problem:
        return

    assert part is None or 0 <= part.start < part.end <= size


async def test_a_file_comes_whole_with_its_name_and_tag(tmp_path: Path) -> None:
    data = bytes(range(256)) * 3000
    (tmp_path / "x").write_bytes(data)

    answer = await file_answer(asking(), tmp_path / "x", content_type="application/zip", name="Theft.zip", tag="abc")

    assert (answer.status, await body(answer)) == (200, data)
    assert answer.headers == {
        "content-type": "application/zip",
        "content-length": "768000",
        "accept-ranges": "bytes",
        "content-disposition": 'attachment; filename="Theft.zip"',
        "etag": '"abc"',
    }


async def test_a_part_of_it_says_which(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"0123456789")

    answer = await file_answer(asking(range="bytes=3-5"), tmp_path / "x", content_type="video/mp4")

    assert (answer.status, await body(answer)) == (206, b"345")
    assert (answer.headers["content-range"], answer.headers["content-length"]) == ("bytes 3-5/10", "3")


async def test_a_file_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(Problem) as problem:
        await file_answer(asking(), tmp_path / "x", content_type="video/mp4")

    assert problem.value.kind is Kind.NOT_FOUND


async def test_a_file_that_shrinks_while_it_is_read_breaks_the_answer_off(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(bytes(600_000))
    answer = await file_answer(asking(), tmp_path / "x", content_type="video/mp4")
    (tmp_path / "x").write_bytes(bytes(10))

    with pytest.raises(OSError, match="shorter"):
        await body(answer)
