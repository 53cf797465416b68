"""Keys that never leave a token: TPM 2.0 through tpm2-pkcs11, HSMs, SoftHSM (PKCS #11 v2.40).

``keys/pkcs11.json`` names the *module* (a library), the *token* (its label) and the *pin_file*. The library ``python-pkcs11`` is an extra
(``pip install tawny[pkcs11]``), loaded only where that file is.
"""

import json
import secrets
import stat
import threading
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any, NoReturn, TypeVar

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_der_public_key

from tawny.runtime.problem import Kind, Problem
from tawny.wire.evidence.statements import SIGNATURE_SIZE

SETTINGS = "pkcs11.json"
_MEMBERS = ("module", "token", "pin_file")
_MAX_FILE = 4096
T = TypeVar("T")


class Pkcs11Key:
    """A key in a token."""

    kept_in = "pkcs11"

    def __init__(self, token: "Pkcs11Token", handle: bytes, public_key: ec.EllipticCurvePublicKey) -> None:
        self._token = token
        self._handle = handle
        self._public_key = public_key

    @property
    def public_key(self) -> ec.EllipticCurvePublicKey:
        return self._public_key

    def sign(self, statement: bytes) -> bytes:
        return self._token.sign(self._handle, sha256(statement).digest())


class Pkcs11Token:
    """One token, with one session that is opened again when the token was away.

    Invariant: the session is used by one thread at a time.
    """

    def __init__(self, library: Any, *, token: str, pin: str) -> None:
        self._library = library
        self._token = token
        self._pin = pin
        self._session: Any = None
        self._lock = threading.Lock()

    @classmethod
    def open(cls, settings: Path) -> "Pkcs11Token":
        """The token that the file *settings* names. Problem where something is missing."""
        module, token, pin_file = _read_settings(settings)
        pkcs11 = _library()
        try:
            return cls(pkcs11.lib(module), token=token, pin=_read_pin(Path(pin_file)))
        except (pkcs11.PKCS11Error, RuntimeError) as error:  # RuntimeError: no such library
            raise Problem(
                Kind.UNAVAILABLE,
                f"The PKCS#11 module {module} can't be loaded.",
                remedy=f"Check “module” in {settings}.",
            ) from error

    def make(self) -> tuple[Pkcs11Key, bytes]:
        """A new key that can't be taken out, and the handle under which it is found again."""
        handle = secrets.token_bytes(8)
        public = self._use(lambda session: _generate(session, handle), _refuse)
        return Pkcs11Key(self, handle, public), handle.hex().encode()

    def load(self, handle: bytes) -> Pkcs11Key:
        """The key under *handle*, as `make` gave it. Problem where the token does not have it."""
        found = bytes.fromhex(handle.decode("ascii").strip())
        return Pkcs11Key(self, found, self._use(lambda session: _public_key(session, found), _refuse))

    def sign(self, handle: bytes, digest: bytes) -> bytes:
        """``r || s`` over *digest*. OSError where the token does not answer."""
        return self._use(lambda session: _sign(session, handle, digest), _fail)

    def _use(self, work: Callable[[Any], T], refuse: Callable[[str, Exception], NoReturn]) -> T:
        """What *work* does with a session; a session that was lost is opened again once."""
        pkcs11 = _library()
        with self._lock:
            for last in (False, True):
                try:
                    self._session = self._session or self._open_session()
                    return work(self._session)
                except pkcs11.PKCS11Error as error:
                    self._drop()
                    if last:
                        refuse(self._token, error)
        raise AssertionError("the second attempt returns or raises")

    def _open_session(self) -> Any:
        token = self._library.get_token(token_label=self._token)
        try:
            return token.open(rw=True, user_pin=self._pin)
        except _library().UserAlreadyLoggedIn:  # a login holds for the whole process (PKCS #11, section 5.6)
            return token.open(rw=True)

    def _drop(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            try:
                session.close()
            except _library().PKCS11Error:
                return  # a token that is gone can't be closed


def _library() -> Any:
    try:
        import pkcs11  # an extra that most installations do not need
    except ImportError:
        raise Problem(
            Kind.UNAVAILABLE,
            "Keys in a token need the library python-pkcs11.",
            remedy="Install it with: pip install 'tawny[pkcs11]'.",
        ) from None
    return pkcs11


def _generate(session: Any, handle: bytes) -> ec.EllipticCurvePublicKey:
    pkcs11 = _library()
    from pkcs11.util.ec import encode_named_curve_parameters

    parameters = session.create_domain_parameters(
        pkcs11.KeyType.EC,
        {pkcs11.Attribute.EC_PARAMS: encode_named_curve_parameters("secp256r1")},
        local=True,
    )
    parameters.generate_keypair(
        id=handle,
        label="tawny evidence",
        store=True,
        private_template={
            pkcs11.Attribute.SENSITIVE: True,
            pkcs11.Attribute.EXTRACTABLE: False,
        },
    )
    return _public_key(session, handle)


def _public_key(session: Any, handle: bytes) -> ec.EllipticCurvePublicKey:
    pkcs11 = _library()
    from pkcs11.util.ec import encode_ec_public_key

    found = session.get_key(object_class=pkcs11.ObjectClass.PUBLIC_KEY, id=handle)
    key = load_der_public_key(encode_ec_public_key(found))
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise Problem(Kind.INVALID, "The key in the token is not of P-256.")
    return key


def _sign(session: Any, handle: bytes, digest: bytes) -> bytes:
    pkcs11 = _library()
    key = session.get_key(object_class=pkcs11.ObjectClass.PRIVATE_KEY, id=handle)
    signature: bytes = key.sign(digest, mechanism=pkcs11.Mechanism.ECDSA)
    if len(signature) != SIGNATURE_SIZE:
        raise OSError("the token gave a signature of another form")
    return signature


def _read_settings(path: Path) -> tuple[str, str, str]:
    try:
        found = json.loads(path.read_bytes()[:_MAX_FILE])
        module, token, pin_file = (str(found[name]) for name in _MEMBERS)
    except (OSError, ValueError, KeyError, TypeError):
        raise Problem(
            Kind.INVALID, f"{path} can't be understood.", remedy=f"It is a JSON object with {', '.join(_MEMBERS)}."
        ) from None
    return module, token, pin_file


def _read_pin(path: Path) -> str:
    try:
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise Problem(
                Kind.INVALID, f"Others may read the PIN in {path}.", remedy=f"Take that away with: chmod 600 {path}."
            )
        return path.read_text().strip()
    except OSError:
        raise Problem(
            Kind.INVALID, f"The PIN in {path} can't be read.", remedy="Check the file and its owner."
        ) from None


def _refuse(token: str, error: Exception) -> NoReturn:
    raise Problem(
        Kind.UNAVAILABLE,
        f"The token “{token}” can't be used ({type(error).__name__}).",
        remedy="Check that the token is there, its label, and the PIN.",
    ) from error


def _fail(token: str, error: Exception) -> NoReturn:
    raise OSError(f"the token {token} can't be used: {type(error).__name__}") from error
