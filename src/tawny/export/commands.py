"""``tawny export-worker JOB_DIR``: one export, for the gateway."""

import argparse
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from tawny.export.certificates import Certificates
from tawny.export.model import read_job
from tawny.export.part import Tools
from tawny.export.progress import Progress, Stopped, watch
from tawny.export.proofs import Ledger
from tawny.export.worker import Worker
from tawny.recorder.adapters.signing_key import key_in_use
from tawny.recorder.archive.volumes import volume_paths
from tawny.recorder.evidence.proofs import StampedHead, Witnesses
from tawny.runtime import logs
from tawny.runtime.clock import SystemClock
from tawny.runtime.data_directory import DataDirectory
from tawny.runtime.problem import Kind, Problem


def main(words: Sequence[str]) -> int:
    """Run the words after ``tawny``; the exit code: 0 done, 1 a problem, 3 stopped."""
    parser = argparse.ArgumentParser(prog="tawny export-worker", description="Make one export; the gateway runs this.")
    parser.add_argument("job", type=Path, metavar="JOB_DIR", help="the directory with job.json")
    directory = parser.parse_args(words[1:]).job.absolute()
    logs.set_up("export-worker")
    clock, stopped = SystemClock(), threading.Event()
    progress = Progress(sys.stdout, clock, stopped)
    threading.Thread(target=watch, args=(sys.stdin.fileno(), stopped), name="gateway", daemon=True).start()
    try:
        data = DataDirectory(root=directory.parents[1])
        done = Worker(directory, read_job(directory / "job.json"), data, _tools(data, clock), progress).run()
        progress.say({"done": done})
    except Stopped:
        return 3
    except Problem as problem:
        progress.say({"problem": problem.document()})
        return 1
    except (OSError, ValueError) as error:
        words_ = Problem(Kind.UNAVAILABLE, f"The export failed: {error}.", remedy="Try again; look at the log.")
        progress.say({"problem": words_.document()})
        return 1
    return 0


def _tools(data: DataDirectory, clock: SystemClock) -> Tools:
    key = key_in_use(data.keys)
    volumes = volume_paths(data)
    witnesses = Witnesses(volumes)

    def stamped(ledger: Ledger) -> Sequence[StampedHead]:
        return witnesses.of(volume=ledger.volume, owner=ledger.owner, day=ledger.day)

    certificates = Certificates(data.keys, volumes.values())
    return Tools(key=key, certificates=certificates.chain, stamped=stamped, clock=clock)
