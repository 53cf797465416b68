"""What a scene sounds like: air, a hum, footsteps, and a beep whenever the frame number is a multiple of 25."""

import numpy as np

from tawny.camera.scenes.picture import Floats
from tawny.camera.scenes.scene import Ambience

RATE = 16_000  # samples a second, mono
_BEEP_HZ = 1000
_BEEP_S = 0.06
_STEP_S = 0.12


def synthesize(ambience: Ambience, seconds: int, *, rate: int = RATE) -> Floats:
    """*seconds* of sound between -1 and 1 that runs on into its own beginning."""
    count = seconds * rate
    rng = np.random.default_rng(11)
    time = np.arange(count, dtype=np.float32) / np.float32(rate)
    sound = ambience.air * _air(rng, count, rate) + 0.004 * np.sin(2 * np.pi * round(ambience.hum) * time)
    for second in range(seconds):
        _add(sound, second * rate, _beep(rate))
    for moment in ambience.steps:
        if moment < seconds:
            _add(sound, int(moment * rate), _footstep(rng, rate))
    whole: Floats = np.clip(sound, -1, 1).astype(np.float32)
    return whole


def _air(rng: np.random.Generator, count: int, rate: int) -> Floats:
    """Noise that falls off with its frequency; made in the frequency domain, so that it repeats without a seam."""
    hertz = np.fft.rfftfreq(count, 1 / rate)
    strength = 1 / (1 + (hertz / 180) ** 1.3) * (hertz > 30)
    spectrum = strength * (rng.standard_normal(len(hertz)) + 1j * rng.standard_normal(len(hertz)))
    noise = np.fft.irfft(spectrum, count)
    air: Floats = (0.02 * noise / noise.std()).astype(np.float32)
    return air


def _beep(rate: int) -> Floats:
    time = np.arange(int(_BEEP_S * rate), dtype=np.float32) / np.float32(rate)
    envelope = np.minimum(1, np.minimum(time, _BEEP_S - time) / 0.004)
    tone: Floats = (0.16 * envelope * np.sin(2 * np.pi * _BEEP_HZ * time)).astype(np.float32)
    return tone


def _footstep(rng: np.random.Generator, rate: int) -> Floats:
    time = np.arange(int(_STEP_S * rate), dtype=np.float32) / np.float32(rate)
    thud = np.sin(2 * np.pi * 85 * time) * np.exp(-time / 0.02)
    scrape = np.convolve(rng.standard_normal(len(time)), np.ones(6) / 6, "same") * np.exp(-time / 0.03)
    step: Floats = (0.1 * thud + 0.05 * scrape).astype(np.float32)
    return step


def _add(sound: Floats, start: int, part: Floats) -> None:
    room = sound[start : start + len(part)]
    room += part[: len(room)]
