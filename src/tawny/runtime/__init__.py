"""What every program needs from the machine: clock, tasks, errors that callers act on, logs and the data directory."""
