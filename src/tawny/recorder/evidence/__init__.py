"""The recorder's evidence: its keys, the heads it signs, who saw them, and how an archive is held against them (`docs/design/evidence.md`).

- `certificates`: the root, and what it issues
- `keys`: made at the first start, kept, followed by others
- `signing`: heads signed for the archive's writers
- `witnesses`: time stamps and receipts
- `service`: these joined, with the recorder's own entries; `methods` is what may be asked of it
- `proofs`: for exports: lines of ledgers with the way to a signed head
- `verifying`: a whole archive held against its ledgers, heads and certificates
"""
