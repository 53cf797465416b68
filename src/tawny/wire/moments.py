"""Moments as text: RFC 3339 in UTC, as all our programs write them to each other and to people's programs."""

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def rfc3339(utc_us: int) -> str:
    """*utc_us* as ``2026-11-22T17:04:05.123456Z``, without a fraction where there is none."""
    return (_EPOCH + timedelta(microseconds=utc_us)).isoformat().replace("+00:00", "Z")


def parse_rfc3339(text: str) -> int:
    """Microseconds since 1970 UTC of *text*, in any zone; ValueError where it is no moment since 1970."""
    if len(text) > 40:
        raise ValueError("too long for a moment")
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("the moment names no zone")
    value = (moment - _EPOCH) // timedelta(microseconds=1)
    if value < 0:
        raise ValueError("the moment is before 1970")
    return value
