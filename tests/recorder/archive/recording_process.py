"""A process that records without end and prints each second that is on file; it waits to be killed."""

import itertools
import sys
import threading
from pathlib import Path

from tawny.recorder.archive.retention import Policy, Retention
from tawny.recorder.archive.service import Archive
from tawny.runtime.clock import SystemClock
from tawny.runtime.data_directory import DataDirectory
from tests.recorder.archive.building import MAIN, SECOND, SUB, audio, formats, video


def main(data: DataDirectory, start_us: int) -> None:
    retention = Retention(Policy(size_limit_bytes=3_000_000, floor_bytes=0, known=None))
    archive = Archive(data, clock=SystemClock(), retention=retention)
    archive.recover()
    archive.start()
    for number in itertools.count():
        start = start_us + number * 5 * SECOND
        for key in (MAIN, SUB):
            archive.open_segment(key, start_us=start, formats=formats())
        for second in range(5):
            for key in (MAIN, SUB):
                archive.append(key, video(second, start_us=start))
                archive.append(key, audio(second, start_us=start))
            on_file = threading.Event()
            archive.request_group(SUB, lambda fragments, segment_start_us, done=on_file: done.set())
            archive.flush()
            on_file.wait()
            sys.stdout.write(f"{start + second * SECOND}\n")
            sys.stdout.flush()
        for key in (MAIN, SUB):
            archive.close_segment(key, end_us=start + 5 * SECOND)


if __name__ == "__main__":
    main(DataDirectory(root=Path(sys.argv[1])), int(sys.argv[2]))
