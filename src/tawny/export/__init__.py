"""Exports: footage as signed MP4s that prove themselves (`docs/design/evidence.md`, "The export").

``tawny export-worker JOB_DIR`` is a program of its own, started by the gateway for one export at a time; it reads the archive and writes files.

- `model`: the job, and what came of it
- `selection`: which segments and fragments are wanted, and where one file ends and the next begins
- `source`: a segment read from disk, its hashes compared with what was recorded
- `proofs`: ledger lines, their paths to a signed head, gaps; `certificates`: of the keys that signed
- `signing`: C2PA through c2pa-python; `pieces`: the planned file, to be hashed before it is written
- `part`: one file, from plan to disk; `compatible`: a copy for players that know H.264 only
- `papers`: manifest, its signature, the zip; `report`: its page; `naming`: files' names
- `worker`: a job from beginning to end; `progress`: what the gateway hears; `commands`: the verb
"""
