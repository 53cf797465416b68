"""What may be asked about finding (`docs/design/programs.md`, "Control")."""

from collections.abc import Mapping
from typing import Any

from tawny.recorder.cameras.requests import Request
from tawny.recorder.finding.lost import Lost
from tawny.recorder.finding.service import Finding
from tawny.recorder.servers.methods import Method


def methods(finding: Finding, lost: Lost) -> Mapping[str, Method]:
    """The table of ``discovery.*`` and ``lost.*``."""

    def start(request: Request) -> dict[str, Any]:
        request.finish()
        finding.search()
        return finding.document()

    def read(request: Request) -> dict[str, Any]:
        request.finish()
        return finding.document()

    def stop(request: Request) -> dict[str, Any]:
        request.finish()
        finding.stop_search()
        return finding.document()

    def find_lost(request: Request) -> dict[str, Any]:
        request.finish()
        lost.find()
        return lost.document()

    def read_lost(request: Request) -> dict[str, Any]:
        request.finish()
        return lost.document()

    return {
        "discovery.start": start,
        "discovery.read": read,
        "discovery.stop": stop,
        "lost.find": find_lost,
        "lost.read": read_lost,
    }
