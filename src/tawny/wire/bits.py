"""Reading codec parameters bit by bit (ITU-T H.264 and H.265, 7.2 and 9.1/9.2; ISO/IEC 14496-3)."""

MAX_BYTES = 4096  # a parameter set is under 200 bytes in practice; a bound keeps hostile ones cheap


class BitReader:
    """Bits of *data*, most significant first.

    Invariant: the position never passes the end; asking for more raises ValueError.
    """

    def __init__(self, data: bytes) -> None:
        if len(data) > MAX_BYTES:
            raise ValueError(f"codec parameters of {len(data)} bytes")
        self._value = int.from_bytes(data, "big")
        self._left = len(data) * 8

    @property
    def left(self) -> int:
        """How many bits are left."""
        return self._left

    def bits(self, count: int) -> int:
        """The next *count* bits as an unsigned number: u(n)."""
        if count > self._left:
            raise ValueError("codec parameters end early")
        self._left -= count
        return self._value >> self._left & ((1 << count) - 1)

    def flag(self) -> bool:
        """The next bit."""
        return self.bits(1) == 1

    def skip(self, count: int) -> None:
        """Pass over *count* bits."""
        self.bits(count)

    def ue(self) -> int:
        """The next Exp-Golomb number, at most 32 bits (the standards call it ue with v)."""
        zeros = 0
        while not self.bits(1):
            zeros += 1
            if zeros > 32:
                raise ValueError("a number in the codec parameters is too large")
        return (1 << zeros) - 1 + self.bits(zeros)

    def se(self) -> int:
        """The next signed Exp-Golomb number."""
        value = self.ue()
        return (value + 1) // 2 if value & 1 else -(value // 2)


def without_emulation_prevention(nal: bytes) -> bytes:
    """The raw byte sequence payload of *nal*, its header included (H.264, 7.3.1)."""
    return nal.replace(b"\x00\x00\x03", b"\x00\x00")
