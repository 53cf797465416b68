"""Work that a dead disk can hold up for ever, off the event loop and in nobody's way."""

import asyncio
import threading
from collections.abc import Callable
from typing import TypeVar

_T = TypeVar("_T")


async def in_thread(work: Callable[[], _T], *, name: str) -> _T:
    """The result of *work*, done on a thread of its own.

    Not asyncio's own pool: the interpreter waits for its threads at the end, and one that hangs in the kernel would
    keep the recorder from ending. This one ends with the process.
    """
    loop = asyncio.get_running_loop()
    future: asyncio.Future[_T] = loop.create_future()

    def settle(result: Callable[[], None]) -> None:
        if not loop.is_closed():
            loop.call_soon_threadsafe(lambda: None if future.done() else result())

    def run() -> None:
        try:
            result = work()
        except BaseException as error:  # noqa: BLE001 - handed to whoever waits
            failure = error
            settle(lambda: future.set_exception(failure))
        else:
            settle(lambda: future.set_result(result))

    threading.Thread(target=run, name=name, daemon=True).start()
    return await future
