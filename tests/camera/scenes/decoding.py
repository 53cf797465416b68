"""Pictures of a file as luma planes."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av
from numpy.typing import NDArray


def decoded(path: Path) -> Iterator[NDArray[Any]]:
    with av.open(str(path)) as container:
        for frame in container.decode(video=0):
            yield frame.to_ndarray(format="gray")
