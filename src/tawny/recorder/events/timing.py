"""When something happened, by the recorder's clock: cameras' own clocks are wrong, jump and start at 1970."""

from typing import Final

FURTHEST_US: Final = 600 * 1_000_000  # what waited in a camera for us: longer ago is no time of an event
AHEAD_US: Final = 2 * 1_000_000  # cameras round the two times of one answer each as they like


def happened_us(
    camera_us: int | None, *, received_us: int, camera_now_us: int | None = None, offset_s: float | None = None
) -> int:
    """When what the camera dates *camera_us* happened, as told at *received_us*.

    Its age by the camera's clock counts: what that clock showed in the same answer (*camera_now_us*), else what it was
    ahead of ours when last asked (*offset_s*). Where that can't be true, it happened when we heard of it.
    """
    if camera_us is None:
        return received_us
    if camera_now_us is not None:
        age_us = camera_now_us - camera_us
    elif offset_s is not None:
        age_us = received_us - camera_us + round(offset_s * 1_000_000)
    else:
        return received_us
    return received_us - max(age_us, 0) if -AHEAD_US <= age_us <= FURTHEST_US else received_us
