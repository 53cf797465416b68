"""What the store of shares promises, on SQLite."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from tawny.hub.access.model import Person
from tawny.hub.adapters.migrate import bring_up_to_date
from tawny.hub.adapters.sql_shares import SqlShares
from tawny.hub.adapters.sql_store import SqlStore, sqlite_engine
from tawny.hub.shares.model import Opening, Share
from tawny.hub.shares.ports import MAX_OPENINGS, Store

MARA = Person(id="per_mara", name="Mara", password_hash="one", created_us=1)


def share(name: str, **members: int | str | None) -> Share:
    made = Share(
        id=f"shr_{name}",
        secret_hash=name.encode().ljust(32, b"."),
        export="exp_a",
        note="For the police",
        made_by=MARA.id,
        made_us=10,
        expires_us=1000,
        revoked_us=None,
        password_hash=None,
    )
    return replace(made, **members)  # type: ignore[arg-type] # members of different types


def opening(name: str, at_us: int, *, of: str = "shr_a") -> Opening:
    token = name.encode().ljust(32, b".")
    return Opening(share=of, token_hash=token, at_us=at_us, address="192.0.2.7", agent="Firefox")


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    bring_up_to_date(tmp_path / "hub.db")
    engine = sqlite_engine(tmp_path / "hub.db")
    await SqlStore(engine).add_owner(MARA)
    yield SqlShares(engine)
    await engine.dispose()


async def test_a_share_is_found_by_id_and_by_secret(store: Store) -> None:
    await store.add(share("a", password_hash="slow"))

    assert await store.by_id("shr_a") == await store.by_secret(b"a".ljust(32, b".")) == share("a", password_hash="slow")
    assert await store.by_id("shr_b") is None
    assert await store.by_secret(bytes(32)) is None


async def test_all_come_newest_first_with_their_newest_openings(store: Store) -> None:
    await store.add(share("a"))
    await store.add(share("b", made_us=20))
    for number in range(MAX_OPENINGS + 1):
        await store.add_opening(opening(f"{number}", number))

    found = await store.all()

    assert [each.id for each, _ in found] == ["shr_b", "shr_a"]
    assert [len(openings) for _, openings in found] == [0, MAX_OPENINGS]
    assert found[1][1][0] == opening(f"{MAX_OPENINGS}", MAX_OPENINGS)


async def test_an_opening_is_found_by_its_token(store: Store) -> None:
    await store.add(share("a"))
    await store.add_opening(opening("x", 5))

    assert await store.opening(b"x".ljust(32, b".")) == opening("x", 5)
    assert await store.opening(bytes(32)) is None


async def test_a_share_is_revoked_once_and_an_exports_shares_all_together(store: Store) -> None:
    for each in (share("a"), share("b"), share("c", export="exp_b")):
        await store.add(each)

    await store.revoke("shr_a", at_us=30)
    await store.revoke("shr_a", at_us=40)
    await store.revoke_of("exp_a", at_us=50)

    assert {each.id: each.revoked_us for each, _ in await store.all()} == {"shr_a": 30, "shr_b": 50, "shr_c": None}


async def test_what_ended_long_ago_is_forgotten_with_its_openings(store: Store) -> None:
    for each in (share("a", expires_us=100), share("b", revoked_us=100), share("c"), share("d", revoked_us=500)):
        await store.add(each)
    await store.add_opening(opening("x", 5))
    await store.add_opening(opening("y", 6, of="shr_c"))

    await store.forget_ended(before_us=101)

    assert {each.id for each, _ in await store.all()} == {"shr_c", "shr_d"}
    assert await store.opening(b"x".ljust(32, b".")) is None
    assert await store.opening(b"y".ljust(32, b".")) is not None
