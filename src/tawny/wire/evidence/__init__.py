"""Evidence as bytes and values: no keys of ours, no files, no time of its own (`docs/design/evidence.md`).

- `tree`: hashes in the shape of RFC 9162; a segment's leaves and a ledger's lines are trees
- `ledgers`: a ledger as the leaves of its tree, and the lines that evidence reads: segments, gaps, deletions, heads
- `statements`: the texts that are signed, and signatures as text
- `chains`: certificates and what they signed
- `segments`: a segment's root from the leaves that are there and the hashes of those that are not
- `recording`: the assertion ``org.tawny.recording`` of an export
- `members`: strict reading of JSON from outside
"""
