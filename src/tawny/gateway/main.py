"""The gateway's composition root."""

import asyncio
import gc
import logging
import os

from tawny.gateway.control import RecorderControl
from tawny.gateway.feed import LiveFeed
from tawny.gateway.footage import Footage
from tawny.gateway.link import Dialer
from tawny.gateway.routes import Routes
from tawny.gateway.shelf import Shelf
from tawny.runtime.clock import Clock
from tawny.runtime.data_directory import DataDirectory
from tawny.runtime.tasks import Tasks

_log = logging.getLogger(__name__)


async def serve(data: DataDirectory, clock: Clock, stop: asyncio.Event) -> None:
    """Run the gateway on *data* until *stop* is set; recorder and hub may come and go meanwhile."""
    data.create()
    lock = data.lock("gateway")
    shelf = Shelf(data)
    try:
        control = RecorderControl(data.sockets / "control.sock", clock=clock)
        live = LiveFeed(data.sockets / "feed.sock", control=control, clock=clock)
        footage = Footage(shelf, control=control, clock=clock)
        routes = Routes(control=control, live=live, footage=footage)
        dialer = Dialer(data.sockets / "link.sock", handler=routes, clock=clock)
        async with Tasks("gateway") as tasks:
            running = [
                tasks.start(control.run(), name="control"),
                tasks.start(dialer.run(), name="link"),
                tasks.start(stop.wait(), name="stop"),
            ]
            gc.freeze()  # what is loaded now stays: the collector need not walk it again and again
            _log.info("answering for %s", data.root)
            # None of them ends but by a fault of ours: then the program ends with it, and is started again whole.
            ended, _ = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
            for task in ended:
                task.result()
    finally:
        shelf.close()
        os.close(lock)
