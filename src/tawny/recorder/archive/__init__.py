"""The archive: what was recorded, and the truth about it (`docs/design/archive.md`).

- `model`: values, and `Recording`, the port through which ingest hands over fragments
- `ports`: what the archive asks of files and of the index
- `paths`: where a segment's file and a day's ledger lie; `tree`: hashes of RFC 9162; `fragment_table`: a segment's fragments, packed
- `segment`: a segment file while it is written; `writer`: all streams, in the order of writes that design D4 states, over
  `ledger` (form), `journal` (on the right volume), `gaps` (while they last), `unsynced` (what the next sync makes safe)
- `volume`: whose disk this is and how full; `retention`: what has to go; `deletion`: how it goes
- `recovery`: what a crash left behind, put in order; `rebuild`: the index from files and ledgers
- `service`: `Archive`, the writer with its two threads
- `schema`, `timeline`, `reader`: reading, for any process; the gateway uses these and `model` only
- `commands`: ``tawny archive``, with `checking`
"""
