"""Wrong logins are counted over every way of logging in."""

from tawny.wire.tries import MOST_TRIES, Tries


def test_what_was_refused_is_not_sent_that_way_again() -> None:
    tries = Tries()

    tries.refused("u", "p", "digest")

    assert not tries.may("u", "p", "digest")
    assert tries.may("u", "p", "wsse")
    assert tries.may("u", "other", "digest")


def test_after_two_refusals_nothing_is_sent_until_a_person_insists() -> None:
    tries = Tries()

    tries.refused("u", "p", "digest")
    tries.refused("u", "p", "rtsp")
    spent = tries.left, tries.may("u", "right", "rtsp")
    tries.allow()

    assert spent == (0, False)
    assert (tries.left, tries.may("u", "p", "digest")) == (MOST_TRIES, True)


def test_what_is_reserved_is_for_other_logins() -> None:
    tries = Tries(reserved=1)

    before = tries.spare
    tries.refused("u", "p", "digest")

    assert (before, tries.spare, tries.left) == (True, False, 1)
