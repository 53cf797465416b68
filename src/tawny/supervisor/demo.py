"""The demo's cameras: ONVIF devices of our own, found by discovery and added like any other.

Ports, login and who the devices are are kept in the data directory, so that a second start continues the first.
"""

import json
import logging
import secrets
import socket
from collections.abc import Callable
from contextlib import ExitStack
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
_FOUND_WITHIN_S = 4.0  # then the devices are opened where we know them to be
_PORTS = 1 + 2 * len(PLACES)  # RTSP, then HTTP and HTTPS of each device
_FIRST_PORT, _LAST_PORT = 20_000, 32_000  # below those that the system gives to whoever dials out


@dataclass(frozen=True, kw_only=True)
class DemoCamera:
    """What of the demo's cameras is kept: *cameras* are the scenes shown, by the id under which they were added.

    RTSP is on *port*, the devices are on those from *onvif* on.
    """

    port: int
    onvif: int
    user: str
    password: str
    cameras: dict[str, str] = field(default_factory=dict)

    @property
    def login(self) -> dict[str, str]:
        """The login as the API takes it."""
        return {"user": self.user, "password": self.password}

    def urls(self, scene: str) -> dict[str, str]:
        """The addresses of a scene's streams, as the API takes them."""
        at = f"rtsp://{HOST}:{self.port}/{scene}"
        return {"url": f"{at}/main", "sub_url": f"{at}/sub"}

    def device(self, scene: str) -> str:
        """The address of a scene's device service."""
        return f"http://{HOST}:{self.onvif + 2 * list(PLACES).index(scene)}/onvif/device_service"

    @property
    def ports(self) -> range:
        """Those of the devices."""
        return range(self.onvif, self.onvif + 2 * len(PLACES))

    def program(self, data: DataDirectory, secret: Path) -> Program:
        """The child that serves the scenes; its password stands in the file *secret*."""
        login = ("--user", self.user, "--password-file", str(secret))
        ports = ("--port", str(self.port), "--onvif", str(self.onvif), "--data", str(data.root / "demo-camera"))
        return program("camera", "--listen", HOST, *ports, *login)


def open_demo(data: DataDirectory) -> tuple[DemoCamera, Path]:
    """The cameras of earlier starts, else new ones, on ports that are free now; and the file with their password."""
    camera = _kept(data) or DemoCamera(port=0, onvif=0, user="demo", password=random_password())
    if not all(free(HOST, port) for port in (camera.port, *camera.ports)) or 0 in {camera.port, camera.onvif}:
        port = _free_ports()
        camera = replace(camera, port=port, onvif=port + 1)
    _keep(data, camera)
    secret = data.keys / "demo-camera-password"
    write_privately(secret, camera.password + "\n")
    return camera, secret


async def add_cameras(api: Api, data: DataDirectory, camera: DemoCamera, *, count: int, clock: Clock) -> None:
    """Have *count* cameras: new ones at a first start, those of before at the ports of now."""
    await until(
        lambda: not free(HOST, camera.ports[-1]),
        clock,
        within_s=_WITHIN_S,
        otherwise="The demo's camera does not start.",
    )
    await _answered(lambda: _move(api, camera), clock)
    if len(camera.cameras) < min(count, len(PLACES)):
        await _find(api, camera, clock)
    for number in range(len(camera.cameras), count):
        scene = list(PLACES)[number % len(PLACES)]
        body = _described(camera, scene, number // len(PLACES))
        answer = await _answered(partial(api.call, "POST", "/cameras", body), clock)
        camera = replace(camera, cameras={**camera.cameras, answer["id"]: scene})
        _keep(data, camera)


async def _find(api: Api, camera: DemoCamera, clock: Clock) -> None:
    """Have the recorder look around until it has found our devices; a firewall may keep it from that."""
    await _answered(partial(api.call, "POST", "/discovery"), clock)
    deadline = clock.monotonic() + _FOUND_WITHIN_S
    wanted = {camera.device(scene) for scene in PLACES}
    while not wanted <= await _answered(lambda: _found(api), clock):
        if clock.monotonic() >= deadline:
            _log.warning("the demo's cameras are not found by WS-Discovery, and opened by their addresses")
            break
        await clock.sleep(0.1)
    await _answered(partial(api.call, "DELETE", "/discovery"), clock)  # the other addresses here are no matter of ours


def _found(api: Api) -> set[str]:
    return {str(item["address"]) for item in api.call("GET", "/discovery")["items"] if not item["gone"]}


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
    """Tell the recorder of other ports: of streams by their addresses, of devices by having it look for lost ones."""
    cameras = {found["id"]: found for found in api.call("GET", "/cameras")["items"]}
    elsewhere = {
        key: scene
        for key, scene in camera.cameras.items()
        if key in cameras and cameras[key]["url"] != camera.urls(scene)["url"]
    }
    for key, scene in elsewhere.items():
        api.call("PATCH", f"/cameras/{key}", {**camera.urls(scene), **camera.login})
    if any(cameras[key]["kind"] == "onvif" for key in elsewhere):
        api.call("POST", "/lost")


def _described(camera: DemoCamera, scene: str, again: int) -> dict[str, Any]:
    """A camera as the API takes it; the same scene a second time is a camera by RTSP alone, with a number."""
    if again:
        return {"name": f"{PLACES[scene]} {again + 1}", **camera.urls(scene), **camera.login, "sound": True}
    return {"name": PLACES[scene], "address": camera.device(scene), **camera.login, "sound": True}


def _file(data: DataDirectory) -> Path:
    return data.root / "demo.json"


def _keep(data: DataDirectory, camera: DemoCamera) -> None:
    write_privately(_file(data), json.dumps(asdict(camera)) + "\n")


def _kept(data: DataDirectory) -> DemoCamera | None:
    """What was kept; a demo of before its cameras were devices has none of those ports yet."""
    try:
        found = json.loads(_file(data).read_text(encoding="utf-8"))
        return DemoCamera(
            port=int(found["port"]),
            onvif=int(found.get("onvif", 0)),
            user=str(found["user"]),
            password=str(found["password"]),
            cameras={str(k): str(v) for k, v in found["cameras"].items() if v in PLACES},
        )
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        _log.warning("the demo's earlier camera can't be read and is made anew: %s", error)
        return None


def _free_ports() -> int:
    """The first of `_PORTS` free ports in a row."""
    while True:
        first = _FIRST_PORT + secrets.randbelow(_LAST_PORT - _FIRST_PORT - _PORTS)
        with ExitStack() as probes:
            try:
                for port in range(first, first + _PORTS):
                    probes.enter_context(socket.create_server((HOST, port)))
            except OSError:
                continue
            return first
