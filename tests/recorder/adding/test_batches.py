import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from tawny.recorder.adding.batches import KEPT, SIDE_BY_SIDE, Batches
from tawny.recorder.cameras.requests import Request
from tawny.recorder.onvif.model import Identity, Login
from tawny.runtime.problem import Kind, Problem
from tests.fakes.devices import FakeDevice
from tests.recorder.adding.rig import ADMIN, Rig


class BatchRig(Rig):
    """*cameras* devices at 192.0.2.100 and on; what is written is *written*, as the outcome of the same name says."""

    def __init__(self, cameras: int = 0, login: Login = ADMIN) -> None:
        super().__init__()
        self.told: list[str] = []
        self.written: list[tuple[str, Mapping[str, Any]]] = []
        self.outcome: dict[str, bool | Problem] = {}
        for number in range(cameras):
            found = FakeDevice(login=login, identity=Identity(serial=f"SN-{number}", make="Axis", model="M5525-E"))
            self.opener.put(f"192.0.2.{100 + number}:80", found)
        self.batches = Batches(adder=self.adder, cameras=self.cameras, write=self.write, changed=self.told.append)

    async def write(self, camera: str, settings: Mapping[str, Any]) -> dict[str, Any]:
        self.written.append((camera, settings))
        outcome = self.outcome.get(self.cameras.known(camera).name, True)
        if isinstance(outcome, Problem):
            raise outcome
        return {"settings": {}, "results": [{"part": "video.main", "field": "fps", "ok": outcome}]}

    async def add(self, *items: dict[str, Any], logins: tuple[dict[str, str], ...] = ()) -> dict[str, Any]:
        begun = self.batches.add(Request({"items": list(items), "logins": list(logins)}))
        return await self.ended(begun["id"])

    async def ended(self, batch: str) -> dict[str, Any]:
        for _ in range(400):
            found = self.batches.read(Request({"batch": batch}))
            if found["state"] != "running":
                return found
            await self.clock.advance(0)
        raise AssertionError("the batch does not end")


def at(number: int, **members: Any) -> dict[str, Any]:
    return {"address": f"192.0.2.{100 + number}:80", "name": f"Camera {number}"} | members


LOGIN = {"user": ADMIN.user, "password": ADMIN.password}


async def test_many_cameras_are_added_with_a_result_for_each() -> None:
    rig = BatchRig(cameras=30)

    batch = await rig.add(*(at(number) for number in range(30)), logins=(LOGIN,))

    assert (batch["state"], batch["done"], batch["total"]) == ("done", 30, 30)
    assert {item["state"] for item in batch["items"]} == {"done"}
    assert [rig.cameras.known(item["camera"]).name for item in batch["items"]] == [f"Camera {n}" for n in range(30)]
    assert sorted(rig.told) == sorted(item["camera"] for item in batch["items"])


async def test_no_more_than_a_few_cameras_are_met_at_the_same_time() -> None:
    rig = BatchRig(cameras=12)
    under_way, most = 0, 0
    go = asyncio.Event()
    opened = rig.opener.open

    async def slowly(*arguments: Any, **more: Any) -> Any:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        await go.wait()
        under_way -= 1
        return await opened(*arguments, **more)

    rig.opener.open = slowly  # type: ignore[method-assign]  # the fake, held up
    begun = rig.batches.add(Request({"items": [at(number) for number in range(12)], "logins": [LOGIN]}))
    await rig.settle()
    go.set()
    batch = await rig.ended(begun["id"])

    assert batch["state"] == "done"
    assert most <= SIDE_BY_SIDE * 2  # each address with a port of its own is tried with and without encryption


async def test_a_camera_is_tried_with_two_logins_at_the_most() -> None:
    rig = BatchRig(cameras=1, login=Login(user="other", password="x"))
    logins = tuple({"user": f"user{number}", "password": "x"} for number in range(4))

    batch = await rig.add(at(0), logins=logins)

    (item,) = batch["items"]
    assert (item["state"], item["title"]) == ("failed", "The camera refused the user or password.")
    assert [user for _, user, _ in rig.opener.opened if user] == ["user0", "user1"]


async def test_the_login_that_works_is_tried_first_on_the_next_camera() -> None:
    rig = BatchRig(cameras=6)

    await rig.add(*(at(number) for number in range(6)), logins=({"user": "wrong", "password": "x"}, LOGIN))

    last = [user for where, user, _ in rig.opener.opened if where == "192.0.2.105:80" and user]
    assert last == ["admin"]


async def test_a_camera_that_is_there_already_stays_one() -> None:
    rig = BatchRig(cameras=1)
    first = await rig.add(at(0, **LOGIN))

    again = await rig.add(at(0, name="Twice", **LOGIN))

    (item,) = again["items"]
    assert (item["state"], item["camera"]) == ("already", first["items"][0]["camera"])
    assert len(rig.cameras.all()) == 1


async def test_what_fails_says_why_and_the_others_are_added() -> None:
    rig = BatchRig(cameras=1)

    batch = await rig.add(
        {"address": "not an address", "name": "A"}, {"address": "192.0.2.9:80", "name": "B"}, at(0, **LOGIN)
    )

    assert [item["state"] for item in batch["items"]] == ["failed", "failed", "done"]
    assert all(item["title"] and item["remedy"] for item in batch["items"][:2])


async def test_a_fault_of_ours_ends_one_camera_only(caplog: pytest.LogCaptureFixture) -> None:
    rig = BatchRig(cameras=6)
    rig.opener.put("192.0.2.100:80", ArithmeticError("a fault"))

    batch = await rig.add(*(at(number, **LOGIN) for number in range(6)))

    assert [item["state"] for item in batch["items"]] == ["failed", *["done"] * 5]
    assert "192.0.2.100" in caplog.text


async def test_a_stopped_batch_says_what_was_not_done() -> None:
    rig = BatchRig(cameras=8)
    begun = rig.batches.add(Request({"items": [at(number, **LOGIN) for number in range(8)]}))

    stopped = await rig.batches.stop(Request({"batch": begun["id"]}))

    assert stopped["state"] == "stopped"
    assert {item["state"] for item in stopped["items"]} == {"stopped"}
    assert not rig.cameras.all()


async def test_settings_are_written_to_each_camera_with_its_own_outcome() -> None:
    rig = BatchRig(cameras=3)
    added = await rig.add(*(at(number, **LOGIN) for number in range(3)))
    cameras = [item["camera"] for item in added["items"]]
    rig.outcome = {"Camera 1": False, "Camera 2": Problem(Kind.UNREACHABLE, "The camera does not answer.")}

    begun = rig.batches.settings(Request({"cameras": cameras, "settings": {"video.main": {"fps": 10}}}))
    batch = await rig.ended(begun["id"])

    assert [item["state"] for item in batch["items"]] == ["done", "failed", "failed"]
    assert [item["title"] for item in batch["items"][1:]] == [
        "1 of 1 settings were not taken.",
        "The camera does not answer.",
    ]
    assert batch["items"][0]["results"] == [{"part": "video.main", "field": "fps", "ok": True}]
    assert [camera for camera, _ in rig.written] == cameras


async def test_old_batches_are_forgotten() -> None:
    rig = BatchRig(cameras=1)
    first = await rig.add(at(0, **LOGIN))
    for _ in range(KEPT + 1):
        await rig.add(at(0, **LOGIN))

    with pytest.raises(Problem) as caught:
        rig.batches.read(Request({"batch": first["id"]}))

    assert caught.value.kind is Kind.NOT_FOUND


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("rtsp://admin:secret@192.0.2.9/live", "rtsp://192.0.2.9/live"),
        ("rtsp://admin:a#secret@192.0.2.9/live", "rtsp://192.0.2.9/live"),
        ("rtsp://admin:secret://x@192.0.2.9/live", "rtsp://192.0.2.9/live"),
        ("rtsp://admin:a/secret@192.0.2.9/live", "rtsp://192.0.2.9/live"),
        ("tawny-camera:https://192.0.2.9:1/x#code=secret", "tawny-camera:https://192.0.2.9:1/x"),
        ("admin:secret@192.0.2.9", "192.0.2.9"),
    ],
)
async def test_no_password_in_an_address_is_told_again(written: str, shown: str) -> None:
    rig = BatchRig()

    batch = await rig.add({"address": written, "name": "Gate"})

    assert batch["items"][0]["address"] == shown
    assert "secret" not in str(batch)
