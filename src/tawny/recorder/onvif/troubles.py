"""What can go wrong with a device, in plain words and with a remedy each."""

from collections.abc import Mapping
from enum import StrEnum

from tawny.runtime.problem import Kind, Problem


class DeviceTrouble(StrEnum):
    """Kinds of trouble, for callers that act on them."""

    ADDRESS = "address"  # no such host, or one that we never connect to
    UNREACHABLE = "unreachable"  # no answer, or refused
    SILENT = "silent"  # connected, yet the answer does not come
    NOT_ONVIF = "not_onvif"  # something else answers there
    NOT_ACTIVATED = "not_activated"  # it wants its first password
    CREDENTIALS = "credentials"
    LOCKED_OUT = "locked_out"
    BASIC_ONLY = "basic_only"  # it wants the password readable, and nobody has allowed that
    WEAKER_LOGIN = "weaker_login"  # it wants a weaker login than it took before
    CERTIFICATE = "certificate"  # unknown, or another than before
    IDENTITY = "identity"  # another device than before
    UNSUPPORTED = "unsupported"  # it does not know this request
    REFUSED = "refused"  # it knows the request and says no
    BAD_ANSWER = "bad_answer"  # its answer can't be read


class DeviceError(Exception):
    """Why a device did not do what was asked: *trouble* for programs, *title* and *remedy* for people.

    *minutes* is for how long it takes no login, where it tells; *certificate* the SHA-256 of the one that was shown
    and is not known, *shown* all of it (DER). *reason* is what the device itself said, which may be of any quality.
    """

    def __init__(
        self,
        trouble: DeviceTrouble,
        title: str,
        remedy: str = "",
        *,
        minutes: int | None = None,
        certificate: str = "",
        shown: bytes = b"",
        reason: str = "",
    ) -> None:
        super().__init__(f"{title} ({reason})" if reason else title)
        self.trouble = trouble
        self.title = title
        self.remedy = remedy
        self.minutes = minutes
        self.certificate = certificate
        self.shown = shown
        self.reason = reason

    def again(self) -> "DeviceError":
        """The same error to be raised once more: an exception gathers a traceback each time."""
        return DeviceError(
            self.trouble,
            self.title,
            self.remedy,
            minutes=self.minutes,
            certificate=self.certificate,
            shown=self.shown,
            reason=self.reason,
        )

    def problem(self) -> Problem:
        """The error as one that crosses to a person or another program."""
        extra = {"certificate": self.certificate} if self.certificate else {}
        return Problem(
            _KINDS.get(self.trouble, Kind.REFUSED), self.title, remedy=self.remedy, trouble=str(self.trouble), **extra
        )


_KINDS: Mapping[DeviceTrouble, Kind] = {
    DeviceTrouble.ADDRESS: Kind.INVALID,
    DeviceTrouble.UNREACHABLE: Kind.UNREACHABLE,
    DeviceTrouble.SILENT: Kind.UNREACHABLE,
    DeviceTrouble.NOT_ONVIF: Kind.UNREACHABLE,
    DeviceTrouble.BAD_ANSWER: Kind.UNREACHABLE,
}

_NEWER = "Restart the camera; look for newer firmware if this goes on."

_WORDS: Mapping[DeviceTrouble, tuple[str, str]] = {
    DeviceTrouble.ADDRESS: ("There is no device of that name on the network.", "Check the address."),
    DeviceTrouble.UNREACHABLE: ("The camera does not answer.", "Check its power, its network and the address."),
    DeviceTrouble.SILENT: (
        "The camera is connected, but does not answer in time.",
        "It may be overloaded: restart it if this goes on.",
    ),
    DeviceTrouble.NOT_ONVIF: (
        "What answers at this address does not speak ONVIF.",
        "Check the address and port, and that ONVIF is switched on in the camera's settings.",
    ),
    DeviceTrouble.NOT_ACTIVATED: (
        "The camera has no password yet.",
        "Set its first password here, or in the maker's own app.",
    ),
    DeviceTrouble.CREDENTIALS: (
        "The camera refused the user or password.",
        "Enter the right ones; many cameras need a user of their own for ONVIF, made in their settings.",
    ),
    DeviceTrouble.LOCKED_OUT: (
        "The camera is locked after too many wrong passwords.",
        "Wait until it takes logins again (often 5 to 30 minutes), then enter the right password.",
    ),
    DeviceTrouble.BASIC_ONLY: (
        "The camera wants the password sent readable, and the connection is not encrypted.",
        "Switch on digest authentication or HTTPS in the camera's settings, or allow it if you trust this network.",
    ),
    DeviceTrouble.WEAKER_LOGIN: (
        "The camera asks for a weaker login than before.",
        "If you updated, reset or replaced it, enter the password again; else somebody may be in its place.",
    ),
    DeviceTrouble.CERTIFICATE: (
        "The camera shows another certificate than the one that was confirmed.",
        "If you replaced the camera or its certificate, confirm the new one; else somebody may be between you and it.",
    ),
    DeviceTrouble.IDENTITY: (
        "Another device answers at the camera's address.",
        "If you replaced the camera, accept the new one; else look for the camera's new address.",
    ),
    DeviceTrouble.UNSUPPORTED: ("The camera can't do that.", _NEWER),
    DeviceTrouble.REFUSED: (
        "The camera refused.",
        "Look at the camera's own pages: a setting may forbid this, or the user may lack the right.",
    ),
    DeviceTrouble.BAD_ANSWER: ("The camera's answer can't be understood.", _NEWER),
}


def device_error(
    trouble: DeviceTrouble,
    *,
    title: str = "",
    remedy: str = "",
    minutes: int | None = None,
    certificate: str = "",
    shown: bytes = b"",
    reason: str = "",
) -> DeviceError:
    """The error of that kind in its usual words, or in more precise ones."""
    usual_title, usual_remedy = _WORDS[trouble]
    return DeviceError(
        trouble,
        title or usual_title,
        remedy or usual_remedy,
        minutes=minutes,
        certificate=certificate,
        shown=shown,
        reason=" ".join(reason.split())[:200],
    )
