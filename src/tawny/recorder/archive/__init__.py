"""The archive: what was recorded, and the truth about it (`docs/design/archive.md`).

- `model`: values, and `Recording`, the port through which ingest hands over fragments
- `ports`: what the archive asks of files and of the index
- `paths`: where a segment's file and a day's ledger lie; `fragment_table`: a segment's fragments, packed
- `segment`: a segment file while it is written; `writer`: all streams, in the order of writes that design D4 states, each on the volume that
  `placing` chose; `gaps` (while they last), `notes` (entries that any volume may take)
- `upkeep`: one volume while the archive records, over `ledger` (form), `journal` (on the right volume), `heads` (signed), `unsynced` (what
  the next sync makes safe), `slowness`; `retention`: what has to go; `deletion`: how it goes
- `volumes`: which ones there are, for any process; `volume`: whose disk this is, and what is wrong with it
- `recovery`: what a crash left behind, put in order; `rebuild`: the index from files and ledgers
- `service`: `Archive`, the writer with its threads; `syncing`: what a volume's thread does; `watching`: noticing that one hangs;
  `custody`: volumes that come and go
- `schema`, `timeline`, `reader`: reading, for any process; the gateway uses these and `model` only
- `commands`: ``tawny archive``, with `checking`
"""
