"""Passwords by Argon2id (RFC 9106), with OWASP's profile for small machines: 19 MiB, 2 passes, 1 lane."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_WORKERS = 2  # 19 MiB each while hashing: many logins at once must not eat the machine's memory


class Argon2Passwords:
    """The port `access.ports.Passwords` by Argon2id, off the event loop."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
        self._workers = ThreadPoolExecutor(_WORKERS, thread_name_prefix="argon2")
        self._nobody: str | None = None

    async def hash(self, password: str) -> str:
        return await asyncio.get_running_loop().run_in_executor(self._workers, self._hasher.hash, password)

    async def verify(self, password: str, password_hash: str | None) -> bool:
        if self._nobody is None:
            self._nobody = await self.hash("nobody")  # what the unknown are compared with, for the time it takes
        right = await asyncio.get_running_loop().run_in_executor(
            self._workers, self._verify, password, password_hash or self._nobody
        )
        return right and password_hash is not None

    def close(self) -> None:
        self._workers.shutdown(wait=False, cancel_futures=True)

    def _verify(self, password: str, password_hash: str) -> bool:
        try:
            return self._hasher.verify(password_hash, password)
        except (VerificationError, InvalidHashError):
            return False
