"""Identifiers: globally unique, safe in paths and URLs, telling their kind."""

import secrets

_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"  # 32 letters without l, o, 0 and 1, which people mistake


def new_id(kind: str) -> str:
    """A fresh id such as ``cam_7kq2m9xw4tbd3hfz``: *kind*, then 80 random bits."""
    return f"{kind}_" + "".join(secrets.choice(_ALPHABET) for _ in range(16))
