from pathlib import Path

import av
import numpy as np
import pytest

from tawny.camera.scenes.encoding import MAIN, SUB, ClipWriter, VideoCoding
from tawny.camera.scenes.picture import Picture


def written(path: Path, coding: VideoCoding, count: int) -> Path:
    rng = np.random.default_rng(0)
    with ClipWriter(path, coding) as writer:
        for _ in range(count):
            writer.add(Picture.of(rng.random((72, 128, 3), dtype=np.float32)))
        writer.finish()
    return path


@pytest.mark.parametrize(("coding", "profile", "rate"), [(MAIN, "High", 25.0), (SUB, "Main", 12.5)])
def test_key_frames_come_each_two_seconds_without_reordering(
    coding: VideoCoding, profile: str, rate: float, tmp_path: Path
) -> None:
    path = written(tmp_path / "clip.mp4", coding, 2 * coding.group + 1)

    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        packets = [p for p in container.demux(stream) if p.size]
        assert stream.profile == profile
        assert float(stream.average_rate or 0) == rate
    assert [n for n, p in enumerate(packets) if p.is_keyframe] == [0, coding.group, 2 * coding.group]
    assert all(p.pts == p.dts for p in packets)
    assert coding.group / rate == 2


def test_sound_is_as_long_as_it_was_and_starts_at_once(tmp_path: Path) -> None:
    path = tmp_path / "clip.mp4"
    time = np.arange(16 * 1024, dtype=np.float32) / 16_000

    with ClipWriter(path, MAIN) as writer:
        writer.expect_sound()
        writer.add(Picture.of(np.zeros((72, 128, 3), np.float32)))
        writer.finish(0.3 * np.sin(2 * np.pi * 500 * time).astype(np.float32))

    with av.open(str(path)) as container:
        packets = [p for p in container.demux(container.streams.audio[0]) if p.size]
    with av.open(str(path)) as container:
        sound = np.concatenate([f.to_ndarray()[0] for f in container.decode(audio=0)])
    assert [p.pts for p in packets] == [n * 1024 for n in range(16)]
    assert np.abs(sound[4096:]).max() == pytest.approx(0.3, abs=0.05)
