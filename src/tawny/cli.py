"""The command line: one program, a verb for each thing it does. Each verb's own module is imported only when it runs."""

import sys
from collections.abc import Sequence
from importlib import import_module

_VERBS = {
    "hub": "tawny.hub.commands",
    "owner": "tawny.hub.commands",
    "run": "tawny.supervisor.commands",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the verb named first; its exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if not words or words[0] not in _VERBS:
        print("usage: tawny VERB ...\nverbs: " + ", ".join(_VERBS), file=sys.stderr)
        return 2
    code: int = import_module(_VERBS[words[0]]).main(words)
    return code
