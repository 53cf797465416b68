from collections.abc import Mapping
from typing import Any

import pytest

from tawny.recorder.adding.methods import methods, removed_methods
from tawny.recorder.cameras.removed import Footage
from tawny.recorder.cameras.requests import Request
from tawny.recorder.ingest.model import Trouble
from tawny.runtime.problem import Kind, Problem
from tests.recorder.adding.rig import ADMIN, Rig

GATE = {"name": "Gate", "address": "http://192.0.2.7", "user": ADMIN.user, "password": ADMIN.password}


class MethodRig(Rig):
    """The methods, on which cameras show themselves by their names; *shown* lists their ids."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: list[str] = []
        self.methods = methods(self.cameras, self.trials, self.adder, shown=self._show)

    def _show(self, camera: str) -> dict[str, Any]:
        self.shown.append(camera)
        return {"name": self.cameras.known(camera).name}

    async def ask(self, method: str, **params: Any) -> Any:
        answer = self.methods[method](Request(params))
        return answer if isinstance(answer, dict) else await answer


async def test_a_camera_is_added_by_its_address_in_one_go() -> None:
    rig = MethodRig()

    document = await rig.ask("cameras.add", **GATE)

    (camera,) = rig.cameras.all()
    assert document == {"name": "Gate"}
    assert camera.device is not None
    assert rig.shown == [camera.id]
    assert rig.device.closed


async def test_a_camera_that_is_there_is_not_added_again() -> None:
    rig = MethodRig()
    await rig.ask("cameras.add", **GATE)

    with pytest.raises(Problem) as caught:
        await rig.ask("cameras.add", **GATE)

    assert caught.value.kind is Kind.CONFLICT
    assert caught.value.extra == {"camera": rig.cameras.all()[0].id}


@pytest.mark.parametrize(
    ("address", "password", "kind"),
    [
        ("http://192.0.2.7", "wrong", Kind.REFUSED),
        ("http://192.0.2.9", ADMIN.password, Kind.UNREACHABLE),
        ("192.0.2.9", ADMIN.password, Kind.UNREACHABLE),
    ],
)
async def test_a_camera_that_can_t_be_added_is_a_problem_with_a_remedy(address: str, password: str, kind: Kind) -> None:
    rig = MethodRig()
    rig.streams.otherwise = Trouble.UNREACHABLE

    with pytest.raises(Problem) as caught:
        await rig.ask("cameras.add", **GATE | {"address": address, "password": password})

    assert caught.value.kind is kind
    assert caught.value.remedy
    assert not rig.cameras.all()


async def test_a_camera_is_added_by_its_stream_s_address_and_from_a_trial() -> None:
    rig = MethodRig()

    await rig.ask("cameras.add", name="Yard", url="rtsp://192.0.2.8/a")
    trial = await rig.open()
    await rig.ask("cameras.add", name="Gate", trial=trial)

    assert [camera.name for camera in rig.cameras.all()] == ["Yard", "Gate"]
    with pytest.raises(Problem):
        rig.read(trial)


class _Archive:
    def __init__(self, footage: Mapping[str, Footage] | OSError) -> None:
        self._footage = footage

    def footage(self) -> Mapping[str, Footage]:
        if isinstance(self._footage, OSError):
            raise self._footage
        return self._footage


async def test_removed_cameras_are_listed_as_far_as_the_index_can_be_read() -> None:
    rig = Rig()
    left = {"cam_old": Footage(oldest_us=0, newest_us=1, size_bytes=2)}

    listed = await removed_methods(rig.cameras, _Archive(left))["cameras.removed"](Request({}))
    with pytest.raises(Problem) as caught:
        await removed_methods(rig.cameras, _Archive(OSError("busy")))["cameras.removed"](Request({}))

    assert [each["id"] for each in listed["items"]] == ["cam_old"]
    assert caught.value.kind is Kind.UNAVAILABLE
