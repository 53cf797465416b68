"""What an answer over HTTP amounts to: a message to read, a refusal of the login, or an error in words."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from tawny.recorder.onvif.exchange import HttpAnswer
from tawny.recorder.onvif.model import DeviceError, DeviceTrouble, device_error
from tawny.wire.auth import Challenge
from tawny.wire.onvif import soap
from tawny.wire.onvif.elements import Element
from tawny.wire.onvif.soap import Fault, FaultError

_LOOKED_AT = 4096  # bytes of an answer that is no SOAP
_NOT_ACTIVATED = re.compile(r"not.?activated|un.?activated|inactive device", re.IGNORECASE)
_LOCKED = re.compile(r"\block(ed|out)\b|too many (failed|wrong|login)", re.IGNORECASE)
_WAIT = re.compile(r"([0-9]{1,5})\s*(s|sec|second|min|minute|h|hour)s?\b", re.IGNORECASE)
_WAIT_S: Mapping[str, int] = {"s": 1, "m": 60, "h": 3600}
_NO_SERVICE = frozenset({404, 405, 410, 501})


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """The device wants a login, or another one. *soap*: it said so in a message of its own, not just by HTTP."""

    challenges: tuple[Challenge, ...] = ()
    soap: bool = False
    locked: bool = False
    minutes: int | None = None
    not_activated: bool = False
    reason: str = ""

    @property
    def stale(self) -> bool:
        """Whether the password was right, and just the nonce too old."""
        return any(challenge.stale for challenge in self.challenges)


def read(answer: HttpAnswer) -> Element | Refusal | None:
    """The message in *answer*; None where it is empty, and all went well; raises DeviceError for any other refusal."""
    try:
        body = soap.answer(answer.body) if answer.body.strip() else None
    except FaultError as error:
        return _fault(answer, error.fault)
    except ValueError as error:
        return _no_message(answer, str(error))
    if answer.status in {401, 403}:
        return Refusal(challenges=answer.challenges, soap=body is not None)
    return _no_message(answer, "empty") if body is None or answer.status >= 300 else body


def _fault(answer: HttpAnswer, fault: Fault) -> Refusal:
    """A refusal of the login; raises DeviceError where it is one of something else."""
    words = f"{' '.join(fault.subcodes)} {fault.reason} {fault.detail}"
    inactive = bool(_NOT_ACTIVATED.search(words))
    if answer.status == 401 or fault.unauthorized or fault.locked_out or inactive:
        return Refusal(
            challenges=answer.challenges,
            soap=True,
            locked=fault.locked_out,
            minutes=minutes(words, answer.retry_after_s),
            not_activated=inactive,
            reason=str(fault),
        )
    if fault.unsupported:
        raise device_error(DeviceTrouble.UNSUPPORTED, reason=words)
    raise refused(fault)


def refused(fault: Fault) -> DeviceError:
    """The error of a fault that is about the request itself."""
    said = " ".join(str(fault).split())[:120]
    return device_error(
        DeviceTrouble.REFUSED,
        title=f"The camera refused: {said}" if said else "",
        reason=f"{fault.code} {' '.join(fault.subcodes)}",
    )


def _no_message(answer: HttpAnswer, why: str) -> Refusal | None:
    words = answer.body[:_LOOKED_AT].decode(errors="replace")
    if answer.status in {423, 429} or (answer.status in {401, 403} and _LOCKED.search(words)):
        return Refusal(locked=True, minutes=minutes(words, answer.retry_after_s), reason=why)
    if answer.status in {401, 403}:
        return Refusal(challenges=answer.challenges, not_activated=bool(_NOT_ACTIVATED.search(words)), reason=why)
    if 300 <= answer.status < 400:
        raise referred(answer)
    if answer.status in _NO_SERVICE:
        raise device_error(DeviceTrouble.NOT_ONVIF, reason=f"HTTP {answer.status}")
    if answer.status >= 400:
        raise device_error(
            DeviceTrouble.BAD_ANSWER,
            title=f"The camera answered with an error of its own ({answer.status}).",
            reason=why,
        )
    if answer.body.strip():
        raise device_error(_unread(words), reason=why)
    return None


def referred(answer: HttpAnswer) -> DeviceError:
    """The error of a redirect that leads away."""
    return device_error(
        DeviceTrouble.REFUSED,
        title="The camera refers to another device.",
        remedy="If you trust that device, enter its address instead; nothing was sent there.",
        reason=answer.location,
    )


def _unread(words: str) -> DeviceTrouble:
    """A web page or plain text comes from something else; what looks like a message is a bad one."""
    return DeviceTrouble.BAD_ANSWER if re.search(r"Envelope\b", words) else DeviceTrouble.NOT_ONVIF


def minutes(words: str, retry_after_s: int | None = None) -> int | None:
    """For how many minutes no login is taken, as far as *words* tell."""
    found = _WAIT.search(words)
    seconds = int(found[1]) * _WAIT_S[found[2][0].lower()] if found else retry_after_s
    return None if seconds is None else max(1, -(-seconds // 60))
