"""Evidence as bytes and values: no keys, no files, no time of its own (`docs/design/evidence.md`).

- `tree`: hashes in the shape of RFC 9162; a segment's leaves and a ledger's lines are trees
"""
