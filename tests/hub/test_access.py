"""Who may come in: the rules, the counting of guesses, the use cases."""

import pytest

from tawny.hub.access import decisions, throttle
from tawny.hub.access.model import SESSION_LIFETIME_US, Visitor
from tawny.hub.access.service import Access
from tawny.hub.access.throttle import Rate, Throttle
from tawny.runtime.clock import SimulatedClock
from tawny.runtime.problem import Kind, Problem
from tests.fakes.access_store import FakePasswords, FakeStore

OWNER, PASSWORD = "Mara", "correct horse battery"
HOME = Visitor(address="192.0.2.1", user_agent="Firefox")
DAY_S = 86_400


class World:
    """An `Access` on fakes."""

    def __init__(self) -> None:
        self.clock = SimulatedClock()
        self.passwords = FakePasswords()
        self.owners_made = 0
        self.access = Access(store=FakeStore(), passwords=self.passwords, clock=self.clock, owner_made=self._count)

    def _count(self) -> None:
        self.owners_made += 1

    async def refused(self, visitor: Visitor, *, password: str = "wrong", user: str = OWNER) -> Problem:
        with pytest.raises(Problem) as caught:
            await self.access.sign_in(user=user, password=password, visitor=visitor)
        return caught.value


async def world_with_owner() -> World:
    world = World()
    await world.access.reset_owner(user=OWNER, password=PASSWORD)
    return world


def stranger(number: int) -> Visitor:
    return Visitor(address=f"203.0.113.{number}", user_agent="curl")


@pytest.mark.parametrize(("one", "other"), [("Mara", " mara "), ("ﬁona", "FIONA"), ("Straße", "STRASSE")])
def test_names_are_the_same_in_any_spelling(one: str, other: str) -> None:
    assert decisions.name_key(one) == decisions.name_key(other)


@pytest.mark.parametrize("name", ["", "  ", "x" * 65, "two\nlines", "bell\a"])
def test_what_can_not_be_shown_is_no_name(name: str) -> None:
    with pytest.raises(Problem) as caught:
        decisions.check_name(name)

    assert caught.value.kind is Kind.INVALID
    assert caught.value.extra == {"field": "user"}


def test_passwords_have_ten_to_256_characters() -> None:
    decisions.check_new_password("x" * 10)
    decisions.check_new_password("x" * 256)

    for password in ("x" * 9, "x" * 257):
        with pytest.raises(Problem, match="password"):
            decisions.check_new_password(password)


def test_a_set_up_code_is_read_as_people_type_it() -> None:
    code = decisions.code_from(bytes([0, 1, 2, 3, 255, 254, 253, 252]))

    assert len(code) == 9
    assert code[4] == "-"
    assert decisions.code_key(code.lower().replace("-", " ")) == decisions.code_key(code)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
    ],
)
def test_a_guesser_is_known_by_what_a_subscriber_owns(address: str, expected: str) -> None:
    assert decisions.neighbourhood(address) == expected


async def test_a_bucket_gives_its_burst_and_then_one_at_a_time() -> None:
    clock = SimulatedClock()
    counting = Throttle(clock)
    rate = Rate(burst=3, every_s=10)

    assert [counting.take(("a", rate)) for _ in range(4)] == [0, 0, 0, 10]
    await clock.advance(4)
    assert counting.take(("a", rate)) == pytest.approx(6)
    await clock.advance(6)
    assert counting.take(("a", rate)) == 0
    assert counting.take(("b", rate)) == 0


def test_nothing_is_taken_where_one_bucket_is_empty() -> None:
    counting = Throttle(SimulatedClock())
    full, empty = ("full", Rate(burst=1, every_s=1)), ("empty", Rate(burst=1, every_s=60))
    counting.take(empty)

    assert counting.take(full, empty) == 60
    assert counting.take(full) == 0


async def test_the_set_up_code_makes_the_owner_once() -> None:
    world = World()
    code = await world.access.new_setup_code()
    assert await world.access.setup_required()

    token = await world.access.set_up(code=code.lower(), user=OWNER, password=PASSWORD, visitor=HOME)

    person = await world.access.signed_in(token)
    assert person is not None
    assert person.person.name == OWNER
    assert not await world.access.setup_required()
    assert world.owners_made == 1
    with pytest.raises(Problem) as caught:
        await world.access.set_up(code=code, user="Nils", password=PASSWORD, visitor=HOME)
    assert caught.value.kind is Kind.CONFLICT


async def test_an_older_set_up_code_is_worth_nothing() -> None:
    world = World()
    first = await world.access.new_setup_code()
    second = await world.access.new_setup_code()

    assert not await world.access.setup_code_valid(first)
    assert await world.access.setup_code_valid(second)


async def test_guessing_the_set_up_code_is_slow() -> None:
    world = World()
    await world.access.new_setup_code()

    kinds = []
    for _ in range(throttle.PER_ADDRESS.burst + 1):
        with pytest.raises(Problem) as caught:
            await world.access.set_up(code="AAAA-AAAA", user=OWNER, password=PASSWORD, visitor=HOME)
        kinds.append(caught.value.kind)

    assert kinds == [Kind.FORBIDDEN] * throttle.PER_ADDRESS.burst + [Kind.TOO_MANY]


async def test_a_wrong_name_and_a_wrong_password_are_answered_alike() -> None:
    world = await world_with_owner()

    wrong_password = await world.refused(HOME)
    wrong_name = await world.refused(HOME, user="Nobody")

    assert wrong_password.document() == wrong_name.document()
    assert world.passwords.verified == 2  # the slow part runs for a name that nobody has, too


async def test_a_session_ends_thirty_days_after_its_last_use() -> None:
    world = await world_with_owner()
    token = await world.access.sign_in(user=OWNER, password=PASSWORD, visitor=HOME)

    for _ in range(3):
        await world.clock.advance(29 * DAY_S)
        assert await world.access.signed_in(token) is not None
    await world.clock.advance(SESSION_LIFETIME_US / 1e6)

    assert await world.access.signed_in(token) is None


async def test_signing_out_ends_that_session_alone_and_is_told() -> None:
    world = await world_with_owner()
    one = await world.access.sign_in(user=OWNER, password=PASSWORD, visitor=HOME)
    other = await world.access.sign_in(user=OWNER, password=PASSWORD, visitor=HOME)
    ended: list[str] = []
    world.access.watch(ended.append)
    leaving = await world.access.signed_in(one)
    assert leaving is not None

    await world.access.sign_out(leaving.session.id, person=leaving.person)

    assert await world.access.signed_in(one) is None
    assert await world.access.signed_in(other) is not None
    assert ended == [leaving.session.id]


async def test_nobody_ends_a_session_that_is_not_theirs() -> None:
    world = await world_with_owner()
    person = await world.access.signed_in(await world.access.sign_in(user=OWNER, password=PASSWORD, visitor=HOME))
    assert person is not None

    with pytest.raises(Problem) as caught:
        await world.access.sign_out("ses_unknown", person=person.person)

    assert caught.value.kind is Kind.NOT_FOUND


async def test_a_reset_gives_the_owner_a_new_name_and_password_and_ends_the_sessions() -> None:
    world = await world_with_owner()
    token = await world.access.sign_in(user=OWNER, password=PASSWORD, visitor=HOME)

    await world.access.reset_owner(user="Boss", password="another long one")

    assert await world.access.signed_in(token) is None
    assert (await world.refused(HOME, password=PASSWORD)).kind is Kind.UNAUTHENTICATED
    assert await world.access.sign_in(user="boss", password="another long one", visitor=HOME)


async def test_guesses_from_one_address_are_slowed_down_whatever_the_name() -> None:
    world = await world_with_owner()
    for number in range(throttle.PER_ADDRESS.burst):
        assert (await world.refused(stranger(1), user=f"user {number}")).kind is Kind.UNAUTHENTICATED

    refusal = await world.refused(stranger(1))

    assert refusal.kind is Kind.TOO_MANY
    assert refusal.extra == {"retry_after_s": 7}
    await world.clock.advance(7)
    assert (await world.refused(stranger(1))).kind is Kind.UNAUTHENTICATED


async def test_guesses_at_one_name_are_slowed_down_whatever_the_address() -> None:
    world = await world_with_owner()
    for number in range(throttle.PER_NAME.burst):
        assert (await world.refused(stranger(number))).kind is Kind.UNAUTHENTICATED

    assert (await world.refused(stranger(200))).kind is Kind.TOO_MANY
    assert world.passwords.verified == throttle.PER_NAME.burst


async def test_the_owners_own_network_gets_in_while_strangers_guess() -> None:
    world = await world_with_owner()
    await world.access.sign_in(user=OWNER, password=PASSWORD, visitor=HOME)
    for number in range(throttle.PER_NAME.burst + 1):
        await world.refused(stranger(number))

    assert await world.access.sign_in(user=OWNER, password=PASSWORD, visitor=HOME)


async def test_the_owners_own_browser_gets_in_from_an_address_that_guesses() -> None:
    world = await world_with_owner()
    token = await world.access.sign_in(user=OWNER, password=PASSWORD, visitor=HOME)
    for _ in range(throttle.PER_ADDRESS.burst + 1):
        await world.refused(stranger(1))

    browser = Visitor(address=stranger(1).address, user_agent="Firefox", token=token)

    assert await world.access.sign_in(user=OWNER, password=PASSWORD, visitor=browser)


async def test_right_passwords_never_use_up_the_attempts() -> None:
    world = await world_with_owner()

    tokens = [await world.access.sign_in(user=OWNER, password=PASSWORD, visitor=stranger(1)) for _ in range(50)]

    assert len(set(tokens)) == 50


async def test_a_browsers_name_is_kept_short_and_visible() -> None:
    world = await world_with_owner()
    odd = Visitor(address="192.0.2.1", user_agent="a\nb\x00" + "x" * 1000)
    person = await world.access.signed_in(await world.access.sign_in(user=OWNER, password=PASSWORD, visitor=odd))
    assert person is not None

    assert person.session.user_agent == ("ab" + "x" * 1000)[:200]


async def test_what_destroys_is_confirmed_with_the_password() -> None:
    world = await world_with_owner()
    token = await world.access.sign_in(user=OWNER, password=PASSWORD, visitor=HOME)
    who = await world.access.signed_in(token)
    assert who is not None

    await world.access.confirm(who, PASSWORD)
    refusals = []
    for attempt in (None, "", "wrong"):
        with pytest.raises(Problem) as caught:
            await world.access.confirm(who, attempt)
        refusals.append(caught.value)

    assert [each.kind for each in refusals] == [Kind.FORBIDDEN] * 3
    assert all(each.extra == {"field": "password"} for each in refusals)
