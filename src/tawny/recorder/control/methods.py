"""What may be asked about settings in cameras and live control (``docs/design/programs.md``, "Control")."""

import binascii
from base64 import b64decode
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from tawny.recorder.camera_settings.service import CameraSettings
from tawny.recorder.cameras.requests import Request
from tawny.recorder.control.model import Document, Place
from tawny.recorder.control.reports import LONGEST_TOKEN
from tawny.recorder.control.service import FOCUS_WAYS, PTZ_WAYS, Controls
from tawny.recorder.control.talks import MOST_BYTES, Talks
from tawny.runtime.problem import Kind, Problem

_LONGEST_NAME = 64


def methods(settings: CameraSettings, controls: Controls, talks: Talks) -> Mapping[str, Callable[[Request], Any]]:
    """The methods by name."""
    return {
        "settings.read": lambda request: _read(settings, request),
        "settings.write": lambda request: _write(settings, request),
        "settings.act": lambda request: _act(settings, request),
        "control.read": lambda request: _controls(controls, request),
        "control.ptz": lambda request: _ptz(controls, request),
        "control.focus": lambda request: _focus(controls, request),
        "control.relay": lambda request: _relay(controls, request),
        "talk.open": lambda request: _open(talks, request),
        "talk.send": lambda request: _send(talks, request),
        "talk.close": lambda request: _close(talks, request),
    }


def _read(settings: CameraSettings, request: Request) -> Awaitable[Document]:
    camera = request.text("camera")
    request.finish()
    return settings.read(camera)


def _write(settings: CameraSettings, request: Request) -> Awaitable[Document]:
    camera, wanted = request.text("camera"), request.mapping("settings")
    request.finish()
    return settings.write(camera, wanted)


def _act(settings: CameraSettings, request: Request) -> Awaitable[Document]:
    camera, action = request.text("camera"), request.text("action")
    request.finish()
    return settings.act(camera, action)


def _controls(controls: Controls, request: Request) -> Awaitable[Document]:
    camera = request.text("camera")
    request.finish()
    return controls.read(camera)


def _ptz(controls: Controls, request: Request) -> Awaitable[Document]:
    camera, do = request.text("camera"), request.choice("do", PTZ_WAYS)
    pan, tilt, zoom = (request.number(axis, least=-1, most=1) for axis in ("pan", "tilt", "zoom"))
    preset = request.text("preset", "", limit=LONGEST_TOKEN)
    name = request.text("name", "", limit=_LONGEST_NAME)
    request.finish()
    return controls.ptz(camera, do, Place(pan=pan, tilt=tilt, zoom=zoom), preset=preset, name=name)


def _focus(controls: Controls, request: Request) -> Awaitable[Document]:
    camera, do = request.text("camera"), request.choice("do", FOCUS_WAYS)
    value = request.number("value", least=-1, most=1)
    request.finish()
    return controls.focus(camera, do, value)


def _relay(controls: Controls, request: Request) -> Awaitable[Document]:
    camera, relay = request.text("camera"), request.text("relay", limit=LONGEST_TOKEN)
    if "active" not in request:
        raise Problem(Kind.INVALID, "The request lacks “active”.", field="active")
    active = request.flag("active", default=False)
    request.finish()
    return controls.relay(camera, relay, active=active)


def _open(talks: Talks, request: Request) -> Awaitable[Document]:
    camera = request.text("camera")
    request.finish()
    return talks.open(camera)


def _send(talks: Talks, request: Request) -> Awaitable[None]:
    talk, data = request.text("talk"), request.text("data", limit=MOST_BYTES * 4 // 3 + 4)
    request.finish()
    try:
        sound = b64decode(data, validate=True)
    except binascii.Error as error:
        raise Problem(Kind.INVALID, "“data” has to be base64.", field="data") from error
    return talks.send(talk, sound)


def _close(talks: Talks, request: Request) -> Awaitable[None]:
    talk = request.text("talk")
    request.finish()
    return talks.close(talk)
