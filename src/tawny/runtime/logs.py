"""Logs: one line a message on standard error, with the program's name; never a secret."""

import logging
import re
import sys

_SECRET = re.compile(r"(?i)(rtsps?|https?)://[^/@\s]*@")


class _WithoutSecrets(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return _SECRET.sub(r"\1://***@", super().format(record))


def set_up(program: str, *, level: str = "INFO") -> None:
    """Send the log of *program* to standard error; user and password inside URLs are blanked."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_WithoutSecrets(f"%(asctime)s {program} %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=level, handlers=[handler], force=True)
