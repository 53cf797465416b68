"""Finding alone, on all interfaces of the network namespace that it is started in, led by lines on standard input.

``search`` prints the document once the search is done, ``read`` prints it at once, each on one line.
"""

import asyncio
import json
import sys
from uuid import uuid4

from tawny.recorder.adapters.device_probe import NetworkProbe
from tawny.recorder.adapters.interfaces import KernelInterfaces
from tawny.recorder.adapters.neighbours import KernelNeighbours
from tawny.recorder.adapters.ws_discovery import MulticastSockets
from tawny.recorder.finding.service import Finding
from tawny.runtime.clock import SystemClock
from tawny.runtime.ids import new_id


async def main() -> None:
    clock = SystemClock()
    finding = Finding(
        sockets=MulticastSockets(),
        interfaces=KernelInterfaces(),
        neighbours=KernelNeighbours(),
        probe=NetworkProbe(),
        cameras=list,
        clock=clock,
        new_id=new_id,
        message_id=lambda: f"urn:uuid:{uuid4()}",
    )
    await finding.start()
    print("ready", flush=True)
    while line := await asyncio.to_thread(sys.stdin.readline):
        if line.strip() == "search":
            finding.search()
            while finding.searching:
                await clock.sleep(0.1)
        print(json.dumps(finding.document()), flush=True)
    await finding.stop()


if __name__ == "__main__":
    asyncio.run(main())
