"""The gateway's composition root."""

import asyncio
import gc
import logging
import os
import sys

from tawny.gateway.completeness import Completeness
from tawny.gateway.control import RecorderControl
from tawny.gateway.exports.drives import Drives
from tawny.gateway.exports.estimate import Estimator
from tawny.gateway.exports.making import Making
from tawny.gateway.exports.preparation import Preparation
from tawny.gateway.exports.routes import ExportRoutes
from tawny.gateway.exports.service import Exports
from tawny.gateway.exports.store import JobStore
from tawny.gateway.exports.worker import Worker, WorkerProcess
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
        exports = open_exports(data, control=control, shelf=shelf, clock=clock)
        await exports.load()
        served = ExportRoutes(exports, clock=clock)
        whole = Completeness(footage, control=control, clock=clock)
        routes = Routes(control=control, live=live, footage=footage, completeness=whole, exports=served)
        dialer = Dialer(data.sockets / "link.sock", handler=routes, clock=clock)
        async with Tasks("gateway") as tasks:
            running = [
                tasks.start(control.run(), name="control"),
                tasks.start(exports.run(), name="exports"),
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


def open_exports(
    data: DataDirectory, *, control: RecorderControl, shelf: Shelf, clock: Clock, worker: Worker | None = None
) -> Exports:
    """The exports of *data*, with their parts; *worker* in place of the process that writes them."""
    store = JobStore(data.exports)
    estimator, drives = Estimator(shelf, clock=clock), Drives(control)
    command = (sys.executable, "-m", "tawny.cli", "export-worker")
    return Exports(
        store=store,
        worker=worker or WorkerProcess(command, clock=clock),
        making=Making(store=store, control=control, estimator=estimator, drives=drives, clock=clock),
        preparation=Preparation(control=control, estimator=estimator, clock=clock),
        drives=drives,
        clock=clock,
        changed=control.mark,
    )
