"""Write ``web/src/api/gen.ts``: the TypeScript types of the HTTP API and its sockets, from the OpenAPI document.

python web/gen/generate.py          writes the file
python web/gen/generate.py --check  exit 1 where the file is not what would be written
"""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tawny.hub.servers.app import routes

TARGET = Path(__file__).parents[1] / "src" / "api" / "gen.ts"
_WIDTH = 120  # prettier's, so that the file stands as it would format it
_HEAD = """// Made by web/gen/generate.py from the hub's OpenAPI document: never edited by hand.
// Moments are RFC 3339 text in UTC.

"""
_PLAIN = {"string": "string", "integer": "number", "number": "number", "boolean": "boolean", "null": "null"}


def types_text(document: Mapping[str, Any]) -> str:
    """The TypeScript module for the schemas of *document*, in the order of their names."""
    schemas = document["components"]["schemas"]
    return _HEAD + "\n".join(_declaration(name, schemas[name]) for name in sorted(schemas))


def _declaration(name: str, schema: Mapping[str, Any]) -> str:
    comment = _comment(schema.get("description", ""), "")
    if "properties" not in schema:
        return f"{comment}{_alias(name, _alternatives(schema))}\n"
    required = set(schema.get("required", ()))
    members = [_member(key, value, needed=key in required) for key, value in schema["properties"].items()]
    if schema.get("additionalProperties") is True:
        members.append("  [further: string]: unknown;\n")
    return f"{comment}export interface {name} {{\n{''.join(members)}}}\n"


def _member(key: str, schema: Mapping[str, Any], *, needed: bool) -> str:
    mark = "" if needed else "?"
    return f"  {key}{mark}: {_type(schema)};\n"


def _alias(name: str, alternatives: list[str]) -> str:
    line = f"export type {name} = {' | '.join(alternatives)};"
    if len(line) <= _WIDTH:
        return line
    return f"export type {name} =\n" + "\n".join(f"  | {each}" for each in alternatives) + ";"


def _alternatives(schema: Mapping[str, Any]) -> list[str]:
    if "enum" in schema:
        return [json.dumps(value) for value in schema["enum"]]
    parts = schema.get("oneOf") or schema.get("anyOf")
    if not parts:
        return [_type(schema)]
    return list(dict.fromkeys(each for part in parts for each in _alternatives(part)))


def _type(schema: Mapping[str, Any]) -> str:
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "const" in schema:
        return json.dumps(schema["const"])
    if "enum" in schema or "oneOf" in schema or "anyOf" in schema:
        return " | ".join(_alternatives(schema))
    if "prefixItems" in schema:
        return f"[{', '.join(_type(each) for each in schema['prefixItems'])}]"
    if schema.get("type") == "array":
        item = _type(schema["items"])
        return f"({item})[]" if "|" in item else f"{item}[]"
    if schema.get("type") == "object":
        values = next(iter(schema.get("patternProperties", {}).values()), schema.get("additionalProperties"))
        return f"Record<string, {_type(values) if isinstance(values, Mapping) else 'unknown'}>"
    return _PLAIN.get(schema.get("type", ""), "unknown")


def _comment(text: str, indent: str) -> str:
    lines = text.replace("*/", "").splitlines()
    if not lines:
        return ""
    if len(lines) == 1:
        return f"{indent}/** {lines[0]} */\n"
    return f"{indent}/**\n" + "".join(f"{indent} * {line}".rstrip() + "\n" for line in lines) + f"{indent} */\n"


def main(words: list[str]) -> int:
    text = types_text(routes().openapi())
    if "--check" in words:
        fresh = TARGET.exists() and TARGET.read_text() == text
        if not fresh:
            sys.stderr.write(f"{TARGET} is not what web/gen/generate.py writes: run it.\n")
        return 0 if fresh else 1
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
