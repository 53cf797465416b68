import pytest

from tawny.gateway.narration import Narration


@pytest.mark.parametrize(
    ("error", "reason"), [(FileNotFoundError(), "deleted"), (OSError(), "disk"), (ValueError("torn"), "disk")]
)
def test_footage_that_can_not_be_read_is_a_gap_with_its_reason(error: Exception, reason: str) -> None:
    told = Narration.lost(5, 9, error).note()

    assert told["type"] == "gap"
    assert told["reason"] == reason
    assert told["title"].startswith("This part of the recording")


def test_a_gap_never_ends_before_it_begins() -> None:
    told = Narration.lost(2_000_000, 1_000_000, OSError()).note()

    assert told["from"] == told["to"]
