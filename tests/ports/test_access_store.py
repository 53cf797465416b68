"""What every store of people promises, on the fake and on SQLite."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from tawny.hub.access.model import Person, Session
from tawny.hub.access.ports import Store
from tawny.hub.adapters.migrate import bring_up_to_date
from tawny.hub.adapters.sql_store import SqlStore, sqlite_engine
from tests.fakes.access_store import FakeStore

MARA = Person(id="per_mara", name="Mara", password_hash="one", created_us=1)
NILS = Person(id="per_nils", name="Nils", password_hash="two", created_us=2)


def session(name: str, *, seen_us: int = 10, expires_us: int = 1000, person: Person = MARA) -> Session:
    return Session(
        id=f"ses_{name}",
        token_hash=name.encode().ljust(32, b"."),
        person=person.id,
        created_us=5,
        seen_us=seen_us,
        expires_us=expires_us,
        user_agent="Firefox",
        address="192.0.2.7",
    )


@pytest.fixture(params=["fake", "sqlite"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    if request.param == "fake":
        yield FakeStore()
        return
    bring_up_to_date(tmp_path / "hub.db")
    engine = sqlite_engine(tmp_path / "hub.db")
    yield SqlStore(engine)
    await engine.dispose()


async def test_there_is_nobody_at_first(store: Store) -> None:
    assert await store.owner() is None
    assert await store.person_named("mara") is None
    assert await store.setup_code_hash() is None


async def test_the_owner_is_kept_whole(store: Store) -> None:
    assert await store.add_owner(MARA)

    assert await store.owner() == MARA
    assert await store.person("per_mara") == MARA


async def test_a_name_is_found_in_any_spelling(store: Store) -> None:
    await store.add_owner(MARA)

    assert await store.person_named("  mARA ") == MARA
    assert await store.person_named("mar") is None


async def test_a_second_owner_is_not_made(store: Store) -> None:
    await store.add_owner(MARA)

    assert not await store.add_owner(NILS)
    assert await store.owner() == MARA
    assert await store.person("per_nils") is None


async def test_of_two_owners_at_the_same_time_one_is_made(store: Store) -> None:
    made = await asyncio.gather(store.add_owner(MARA), store.add_owner(NILS))

    assert sorted(made) == [False, True]


async def test_the_owner_ends_the_set_up_code(store: Store) -> None:
    await store.set_setup_code_hash("first")
    await store.set_setup_code_hash("second")
    assert await store.setup_code_hash() == "second"

    await store.add_owner(MARA)

    assert await store.setup_code_hash() is None


async def test_a_session_is_found_by_its_secrets_hash(store: Store) -> None:
    await store.add_owner(MARA)
    await store.add_session(session("laptop"))

    assert await store.session_by_token(session("laptop").token_hash) == session("laptop")
    assert await store.session_by_token(bytes(32)) is None


async def test_sessions_stand_in_the_order_of_their_last_use(store: Store) -> None:
    await store.add_owner(MARA)
    await store.add_session(session("old", seen_us=1))
    await store.add_session(session("new", seen_us=9))

    assert [s.id for s in await store.sessions_of(MARA.id)] == ["ses_new", "ses_old"]
    assert await store.sessions_of("per_nobody") == []


async def test_use_is_noted(store: Store) -> None:
    await store.add_owner(MARA)
    await store.add_session(session("laptop"))

    await store.touch("ses_laptop", seen_us=77, expires_us=2000)
    await store.touch("ses_gone", seen_us=77, expires_us=2000)

    assert await store.sessions_of(MARA.id) == [replace(session("laptop"), seen_us=77, expires_us=2000)]


async def test_only_ones_own_session_is_ended_and_only_once(store: Store) -> None:
    await store.add_owner(MARA)
    await store.add_session(session("laptop"))

    assert not await store.end_session("ses_laptop", person="per_nils")
    assert await store.end_session("ses_laptop", person=MARA.id)
    assert not await store.end_session("ses_laptop", person=MARA.id)


async def test_expired_sessions_are_forgotten(store: Store) -> None:
    await store.add_owner(MARA)
    await store.add_session(session("old", expires_us=100))
    await store.add_session(session("new", expires_us=101))

    await store.end_expired(now_us=100)

    assert [s.id for s in await store.sessions_of(MARA.id)] == ["ses_new"]


async def test_a_new_password_ends_the_sessions(store: Store) -> None:
    await store.add_owner(MARA)
    await store.add_session(session("laptop"))

    await store.set_password(MARA.id, "three")

    assert await store.owner() == replace(MARA, password_hash="three")
    assert await store.sessions_of(MARA.id) == []


async def test_a_person_is_renamed(store: Store) -> None:
    await store.add_owner(MARA)

    await store.rename(MARA.id, "Mara Lind")

    assert await store.person_named("MARA LIND") == replace(MARA, name="Mara Lind")
    assert await store.person_named("Mara") is None
