"""The command line: one program, a verb for each thing it does. Each verb's own module is imported only when it runs."""

import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from importlib.metadata import version
from typing import NamedTuple

from tawny.runtime.problem import Problem


class _Verb(NamedTuple):
    module: str
    help: str


_VERBS: Mapping[str, _Verb] = {
    "run": _Verb("tawny.supervisor.commands", "record and serve: everything on one data directory"),
    "demo": _Verb("tawny.supervisor.commands", "the same with four cameras of our own"),
    "recorder": _Verb("tawny.recorder.commands", "record alone"),
    "gateway": _Verb("tawny.gateway.commands", "answer for the recorder alone"),
    "hub": _Verb("tawny.hub.commands", "serve the web app and the API alone"),
    "owner": _Verb("tawny.hub.commands", "make the owner, or reset their name and password"),
    "camera": _Verb("tawny.camera.commands", "be an RTSP camera that shows drawn places or video files"),
    "probe": _Verb("tawny.recorder.adding.commands", "tell what a camera is and offers, without adding it"),
    "archive": _Verb("tawny.recorder.archive.commands", "check an archive"),
    "export": _Verb("tawny.supervisor.exporting", "export footage as a signed video file"),
    "export-worker": _Verb("tawny.export.commands", "make one export, for the gateway"),
    "verify": _Verb("tawny.verification.commands", "tell whether an export is what was recorded"),
    "bench": _Verb("tawny.benchmarks", "measure this machine (in a checkout)"),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the verb named first; its exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if words[:1] in (["--help"], ["-h"]):
        print(_usage())
        return 0
    if words[:1] == ["--version"]:
        print(f"tawny {version('tawny')}")
        return 0
    if not words or words[0] not in _VERBS:
        print(_usage(), file=sys.stderr)
        return 2
    return _run(words)


def _run(words: list[str]) -> int:
    try:
        code: int = import_module(_VERBS[words[0]].module).main(words)
    except KeyboardInterrupt:
        return 130
    except Problem as problem:
        print(f"tawny: {problem.title} {problem.remedy}".rstrip(), file=sys.stderr)
        return 1
    return code


def _usage() -> str:
    width = max(len(verb) for verb in _VERBS)
    verbs = "\n".join(f"  {verb:{width}}  {known.help}" for verb, known in _VERBS.items())
    return f"usage: tawny VERB ...   (tawny VERB --help says more)\n\n{verbs}"


if __name__ == "__main__":
    sys.exit(main())
