"""The official schemas, as the wheel of onvif-zeep-async has them: what every answer of ours must fit.

Media2 is not among them; its answers are checked by clients.
"""

from functools import cache
from importlib.resources import files
from pathlib import Path
from tempfile import mkdtemp

import xmlschema
from lxml import etree

from tawny.wire.onvif.elements import Element

_XS = "{http://www.w3.org/2001/XMLSchema}"
_FILES = [
    "onvif.xsd",
    "b-2.xsd",
    "bf-2.xsd",
    "r-2.xsd",
    "t-1.xsd",
    "ws-addr.xsd",
    "xmlmime",
    "include",
    "envelope",
    "xml.xsd",
]
_SERVICES = ["devicemgmt.wsdl", "media.wsdl", "ptz.wsdl", "imaging.wsdl", "events.wsdl", "deviceio.wsdl", "rw-2.wsdl"]


def violation(answer: Element) -> str | None:
    """What in *answer* the schema forbids, or None; also where the schema knows nothing of the service."""
    schema = _schema()
    if answer.tag not in schema.maps.elements:
        return None
    prefixes = {prefix or "": uri for prefix, uri in answer.nsmap.items()}
    error = next(schema.iter_errors(answer, namespaces=prefixes), None)
    return None if error is None else f"{error.path}: {error.reason}"


@cache
def _schema() -> xmlschema.XMLSchema10:
    directory = Path(mkdtemp(prefix="onvif-schemas-"))
    found = _roots()
    first = {str(root.get("targetNamespace")): name for name, root in reversed(found.items())}
    for name, root in found.items():
        for each in root.iter(_XS + "import"):
            location = first.get(str(each.get("namespace")))
            if "schemaLocation" in each.attrib:
                del each.attrib["schemaLocation"]
            if location is not None:
                each.set("schemaLocation", location)
        etree.ElementTree(root).write(directory / name)
    imports = "".join(f'<xs:import namespace="{uri}" schemaLocation="{name}"/>' for uri, name in first.items())
    everything = directory / "all.xsd"
    everything.write_text(f'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">{imports}</xs:schema>')
    return xmlschema.XMLSchema10(str(everything), validation="lax", allow="local")


def _roots() -> dict[str, Element]:
    """Schemas by the name of the file to be written."""
    wheel = files("onvif") / "wsdl"
    roots = {f"{name.removesuffix('.xsd')}.xsd": etree.fromstring((wheel / name).read_bytes()) for name in _FILES}
    for name in _SERVICES:
        listed = list(etree.fromstring((wheel / name).read_bytes()).iter(_XS + "schema"))
        roots |= {f"{name}-{number}.xsd": schema for number, schema in enumerate(listed) if len(schema)}
    return {name: root for name, root in roots.items() if root.get("targetNamespace")}
