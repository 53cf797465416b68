"""Adoption: the text of a QR code with which a device takes its first user, without a password being typed.

``tawny-camera:https://10.0.0.5:8001/onvif/device_service#code=...&fingerprint=...&id=...``: who read it opens the
address, checks that the certificate has that fingerprint, logs in as `USER` with the code as the password, and calls
CreateUsers with an administrator. From then on the code is worth nothing.
"""

import re
from dataclasses import dataclass, field
from urllib.parse import parse_qs, quote, urlencode, urlsplit

USER = "adopt"
_SCHEME = "tawny-camera:"
_LONGEST = 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """What the code says: *fingerprint* is the certificate's SHA-256 in lower-case hex, *reference* the device's UUID."""

    address: str
    reference: str
    fingerprint: str
    code: str = field(repr=False)


def write(invitation: Invitation) -> str:
    """The text."""
    told = {"code": invitation.code, "fingerprint": invitation.fingerprint, "id": invitation.reference}
    return f"{_SCHEME}{invitation.address}#{urlencode(told, quote_via=quote)}"


def read(text: str) -> Invitation:
    """Read the text; ValueError where it is no invitation, or one without encryption."""
    address, _, told = text.strip()[: _LONGEST + 1].partition("#")
    if len(text.strip()) > _LONGEST or not address.startswith(_SCHEME):
        raise ValueError("the code is not of a Tawny camera")
    address = address.removeprefix(_SCHEME)
    members = {name: values[0] for name, values in parse_qs(told, max_num_fields=8).items()}
    fingerprint = members.get("fingerprint", "").lower()
    if urlsplit(address).scheme != "https" or not urlsplit(address).hostname:
        raise ValueError("the camera's code names no encrypted address")
    if not re.fullmatch(r"[0-9a-f]{64}", fingerprint) or not members.get("code"):
        raise ValueError("the camera's code is not complete")
    return Invitation(address=address, reference=members.get("id", ""), fingerprint=fingerprint, code=members["code"])
