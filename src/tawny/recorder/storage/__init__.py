"""Where footage is kept and for how long: disks and volumes, depth, holds, alarms, in the words of the API.

What the machine has (behind `ports`, so that tests need no drives):

- `survey`: a thread that looks at disks, mounts and sensors every few seconds, and asks drives about their health
- `mounts`: the file systems that we mount ourselves, and those of another Tawny, mounted read-only to be looked at
- `formatting`: a device through mkfs, or a directory file by file; refused unless everything speaks for it
- `disks`, `conditions`: decisions: which drive is under a directory, which may be emptied, what is wrong with one
- `alarms`, `document`, `service`, `methods`: what is told about it all, and what may be asked

What is kept:

- `policy` joins `depth`, `holds`, `leases` and `clock_trust`, and changes the archive's retention
- `measuring`, `forecast`, `reckoning`, `cautions`: how much is held, when the drives will be full, what to say about it

`model` has the values that all share; `threads` is for work that a dead disk can hold up for ever.
"""
