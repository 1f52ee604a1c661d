"""What somebody says, as a page sends it."""

import wave
from array import array
from io import BytesIO
from math import sin, tau


def recording(length_s: float = 1.0, level: int = 8_000, rate_hz: int = 16_000) -> bytes:
    """A WAV file of one channel with 16 bits: a hum of so loud, 0 for silence."""
    samples = (round(level * sin(tau * 220 * n / rate_hz)) for n in range(int(length_s * rate_hz)))
    made = BytesIO()
    with wave.open(made, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate_hz)
        file.writeframes(array("h", samples).tobytes())
    return made.getvalue()
