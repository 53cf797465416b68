"""Where footage is kept and for how long: disks and volumes, depth, holds, alarms, in the words of the API.

- `model`: conditions that people must know of
"""
