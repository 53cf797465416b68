"""Clips of the gate in forms that our scenes do not have and cameras do: H.265, G.711, B frames."""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from tawny.camera.scenes.encoding import ClipWriter, VideoCoding
from tawny.camera.scenes.overlay import write_counter, write_name
from tawny.camera.scenes.rendering import scene
from tawny.camera.scenes.scene import FPS, LOOP_FRAMES, Film
from tawny.camera.scenes.sound import synthesize

KINDS = ("h265", "g711", "bframes")
_G711_RATE = 8000
_H264 = VideoCoding(profile="high", rate=Fraction(FPS), group=50, bits_per_second=2_000_000)
_CODINGS = {
    "h265": replace(
        _H264,
        codec="libx265",
        profile="main",
        preset="ultrafast",
        extra={"x265-params": "log-level=none:pools=1:frame-threads=1:scenecut=0:open-gop=0"},
    ),
    "g711": _H264,
    "bframes": replace(_H264, b_frames=3),
}


def write_variant(kind: str, path: Path, *, seconds: int) -> None:
    """Write *seconds* of the gate at 1280 x 720 as *kind*: h265 and bframes as MP4, g711 as MOV."""
    place = scene("gate")
    lens = replace(place.stage.lens, width=1280, height=720)
    film = Film(replace(place, stage=replace(place.stage, lens=lens)))
    with_sound = kind == "g711"
    with ClipWriter(path, _CODINGS[kind], form="mov" if with_sound else "mp4") as writer:
        if with_sound:
            writer.expect_sound("pcm_alaw", rate=_G711_RATE)
        for number in range(seconds * FPS):
            picture = film.frame(number % LOOP_FRAMES)
            write_name(picture, place.title)
            write_counter(picture, number, main=True)
            writer.add(picture)
        writer.finish(synthesize(place.ambience, seconds, rate=_G711_RATE) if with_sound else None)
