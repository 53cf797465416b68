"""The demo's camera: its port and login are kept in the data directory, so that a second start continues the first."""

import json
import logging
import socket
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from tawny.runtime.clock import Clock
from tawny.runtime.data_directory import DataDirectory
from tawny.runtime.problem import Kind, Problem
from tawny.supervisor.api import Api
from tawny.supervisor.installation import free, program, until
from tawny.supervisor.login import random_password, write_privately
from tawny.supervisor.processes import Program

_log = logging.getLogger(__name__)

HOST = "127.0.0.1"
PLACES = {"gate": "Gate", "corridor": "Corridor", "yard": "Yard by night", "shop": "Shop"}
_WITHIN_S = 20.0  # the very first time the camera draws rough scenes


@dataclass(frozen=True, kw_only=True)
class DemoCamera:
    """What of the demo's camera is kept: *cameras* are the scenes shown, by the id under which they were added."""

    port: int
    user: str
    password: str
    cameras: dict[str, str] = field(default_factory=dict)

    def urls(self, scene: str) -> dict[str, str]:
        """The addresses of a scene's streams, as the API takes them."""
        at = f"rtsp://{HOST}:{self.port}/{scene}"
        return {"url": f"{at}/main", "sub_url": f"{at}/sub"}

    def program(self, secret: Path) -> Program:
        """The child that serves the scenes; its password stands in the file *secret*."""
        login = ("--user", self.user, "--password-file", str(secret))
        return program("camera", "--listen", HOST, "--port", str(self.port), *login)


def open_demo(data: DataDirectory) -> tuple[DemoCamera, Path]:
    """The camera of earlier starts, else a new one, on a port that is free now; and the file with its password."""
    camera = _kept(data) or DemoCamera(port=_any_port(), user="demo", password=random_password())
    if not free(HOST, camera.port):
        camera = replace(camera, port=_any_port())
    _keep(data, camera)
    secret = data.keys / "demo-camera-password"
    write_privately(secret, camera.password + "\n")
    return camera, secret


async def add_cameras(api: Api, data: DataDirectory, camera: DemoCamera, *, count: int, clock: Clock) -> None:
    """Have *count* cameras: new ones at a first start, those of before at the port of now."""
    await until(
        lambda: not free(HOST, camera.port),
        clock,
        within_s=_WITHIN_S,
        otherwise="The demo's camera does not start.",
    )
    await _answered(lambda: _move(api, camera), clock)
    for number in range(len(camera.cameras), count):
        scene = list(PLACES)[number % len(PLACES)]
        body = _described(camera, scene, number // len(PLACES))
        answer = await _answered(partial(api.call, "POST", "/cameras", body), clock)
        camera = replace(camera, cameras={**camera.cameras, answer["id"]: scene})
        _keep(data, camera)


async def _answered(call: Callable[[], Any], clock: Clock) -> Any:
    """What the blocking *call* answers, once the recorder is there."""
    answers: list[Any] = []

    def asked() -> bool:
        try:
            answers.append(call())
        except Problem as problem:
            if problem.kind in {Kind.UNAVAILABLE, Kind.UNREACHABLE}:
                return False
            raise
        return True

    await until(asked, clock, within_s=_WITHIN_S, otherwise="The recorder does not answer.")
    return answers[0]


def _move(api: Api, camera: DemoCamera) -> None:
    """Tell the recorder of the camera's new port where it has one."""
    for found in api.call("GET", "/cameras")["items"]:
        scene = camera.cameras.get(found["id"])
        if scene is not None and found["url"] != camera.urls(scene)["url"]:
            login = {"user": camera.user, "password": camera.password}
            api.call("PATCH", f"/cameras/{found['id']}", {**camera.urls(scene), **login})


def _described(camera: DemoCamera, scene: str, again: int) -> dict[str, Any]:
    """A camera as the API takes it; the same scene a second time gets a number."""
    name = PLACES[scene] + (f" {again + 1}" if again else "")
    return {"name": name, **camera.urls(scene), "user": camera.user, "password": camera.password, "sound": True}


def _file(data: DataDirectory) -> Path:
    return data.root / "demo.json"


def _keep(data: DataDirectory, camera: DemoCamera) -> None:
    write_privately(_file(data), json.dumps(asdict(camera)) + "\n")


def _kept(data: DataDirectory) -> DemoCamera | None:
    try:
        found = json.loads(_file(data).read_text(encoding="utf-8"))
        return DemoCamera(
            port=int(found["port"]),
            user=str(found["user"]),
            password=str(found["password"]),
            cameras={str(k): str(v) for k, v in found["cameras"].items() if v in PLACES},
        )
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        _log.warning("the demo's earlier camera can't be read and is made anew: %s", error)
        return None


def _any_port() -> int:
    with socket.create_server((HOST, 0)) as probe:
        port: int = probe.getsockname()[1]
        return port
