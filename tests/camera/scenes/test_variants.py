from pathlib import Path

import av
import pytest

from tawny.camera.scenes.variants import write_variant
from tests.camera.scenes.decoding import decoded
from tests.journeys.frame_counter import read_counter


@pytest.mark.parametrize(
    ("kind", "video", "audio", "reordered"),
    [("h265", "hevc", None, False), ("g711", "h264", "pcm_alaw", False), ("bframes", "h264", None, True)],
)
def test_a_variant_has_the_form_it_is_named_for(
    kind: str, video: str, audio: str | None, reordered: bool, tmp_path: Path
) -> None:
    path = tmp_path / ("clip.mov" if kind == "g711" else "clip.mp4")

    write_variant(kind, path, seconds=1)

    with av.open(str(path)) as container:
        assert container.streams.video[0].codec_context.name == video
        assert [s.codec_context.name for s in container.streams.audio] == ([audio] if audio else [])
        packets = [p for p in container.demux(container.streams.video[0]) if p.size]
    times = [p.pts for p in packets]
    assert (times != sorted(t for t in times if t is not None)) is reordered
    assert [read_counter(luma) for luma in decoded(path)] == list(range(25))
