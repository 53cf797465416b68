"""Signs heads with a key in memory, at once, later, or not at all."""

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from tawny.recorder.archive.heads import Answer, Unsigned
from tawny.wire.evidence.chains import public_bytes, raw_signature
from tawny.wire.evidence.ledgers import HeadEntry
from tawny.wire.evidence.statements import head_statement, key_id

RECORDER_ID = "rec_fake"


class FakeHeads:
    """`Heads`. While *broken* every answer is that the key failed; while *slow* there is none."""

    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.broken = False
        self.slow = False
        self.heads: list[HeadEntry] = []
        self._asked: list[Unsigned] = []

    def begin(self, asked: Unsigned) -> None:
        self._asked.append(asked)

    def answers(self, volume: str) -> list[Answer]:
        if self.slow:
            return []
        found = [self._answer(asked) for asked in self._asked if asked.volume == volume]
        self._asked = [asked for asked in self._asked if asked.volume != volume]
        return found

    def written(self, head: HeadEntry) -> None:
        self.heads.append(head)

    def chain(self, key: str) -> str:
        return f"-----BEGIN CERTIFICATE-----\n{key}\n-----END CERTIFICATE-----\n"

    def _answer(self, asked: Unsigned) -> Answer:
        if self.broken:
            return Answer(asked=asked, head=None)
        utc = "2026-11-22T12:00:00.000000Z"
        statement = head_statement(
            recorder=RECORDER_ID, volume=asked.volume, ledger=asked.ledger, size=asked.size, root=asked.root, utc=utc
        )
        signature = raw_signature(self.key.sign(statement, ec.ECDSA(hashes.SHA256())))
        head = HeadEntry(
            id=f"led_{len(self.heads)}",
            utc=utc,
            volume=asked.volume,
            ledger=asked.ledger,
            size=asked.size,
            root=asked.root,
            key=key_id(public_bytes(self.key.public_key())),
            signature=signature,
        )
        return Answer(asked=asked, head=head)
