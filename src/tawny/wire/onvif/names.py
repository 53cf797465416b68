"""Namespaces, each with the prefix that ONVIF's documents give it."""

SOAP12 = "http://www.w3.org/2003/05/soap-envelope"
SOAP11 = "http://schemas.xmlsoap.org/soap/envelope/"

DEVICE = "http://www.onvif.org/ver10/device/wsdl"
MEDIA = "http://www.onvif.org/ver10/media/wsdl"
MEDIA2 = "http://www.onvif.org/ver20/media/wsdl"
IMAGING = "http://www.onvif.org/ver20/imaging/wsdl"
PTZ = "http://www.onvif.org/ver20/ptz/wsdl"
EVENTS = "http://www.onvif.org/ver10/events/wsdl"
ANALYTICS = "http://www.onvif.org/ver20/analytics/wsdl"
DEVICEIO = "http://www.onvif.org/ver10/deviceIO/wsdl"
RECORDING = "http://www.onvif.org/ver10/recording/wsdl"
SEARCH = "http://www.onvif.org/ver10/search/wsdl"
REPLAY = "http://www.onvif.org/ver10/replay/wsdl"
SCHEMA = "http://www.onvif.org/ver10/schema"
TOPICS = "http://www.onvif.org/ver10/topics"
ERRORS = "http://www.onvif.org/ver10/error"

NOTIFICATION = "http://docs.oasis-open.org/wsn/b-2"
TOPIC_TREE = "http://docs.oasis-open.org/wsn/t-1"
WSSE = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
WSU = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd"

ADDRESSING = "http://www.w3.org/2005/08/addressing"
ADDRESSING_2004 = "http://schemas.xmlsoap.org/ws/2004/08/addressing"  # what WS-Discovery of 2005/04 uses
DISCOVERY = "http://schemas.xmlsoap.org/ws/2005/04/discovery"
DISCOVERY_11 = "http://docs.oasis-open.org/ws-dd/ns/discovery/2009/01"

PREFIXES = {
    "s": SOAP12,
    "wsa": ADDRESSING,
    "wsa04": ADDRESSING_2004,
    "wsse": WSSE,
    "wsu": WSU,
    "d": DISCOVERY,
    "d11": DISCOVERY_11,
    "dn": "http://www.onvif.org/ver10/network/wsdl",
    "tds": DEVICE,
    "trt": MEDIA,
    "tr2": MEDIA2,
    "timg": IMAGING,
    "tptz": PTZ,
    "tev": EVENTS,
    "tan": ANALYTICS,
    "tmd": DEVICEIO,
    "trc": RECORDING,
    "tse": SEARCH,
    "trp": REPLAY,
    "tt": SCHEMA,
    "tns1": TOPICS,
    "ter": ERRORS,
    "wsnt": NOTIFICATION,
    "wstop": TOPIC_TREE,
    "wsrf-rw": "http://docs.oasis-open.org/wsrf/rw-2",
    "xs": "http://www.w3.org/2001/XMLSchema",
    "xsi": "http://www.w3.org/2001/XMLSchema-instance",
    "xml": "http://www.w3.org/XML/1998/namespace",
}

PREFIX_OF = {namespace: prefix for prefix, namespace in PREFIXES.items()}


def qualified(name: str) -> str:
    """``tt:Name`` as lxml writes it: ``{http://www.onvif.org/ver10/schema}Name``."""
    prefix, _, local = name.rpartition(":")
    return f"{{{PREFIXES[prefix]}}}{local}" if prefix else local
