"""``python -m tawny.hub.openapi`` prints the OpenAPI document; nothing is started."""

import json
import sys

from tawny.hub.servers.app import routes


def document_text() -> str:
    """The document, the same bytes for the same program."""
    return json.dumps(routes().openapi(), indent=2, ensure_ascii=False, sort_keys=True) + "\n"


if __name__ == "__main__":
    sys.stdout.write(document_text())
