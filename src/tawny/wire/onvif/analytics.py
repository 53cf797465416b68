"""Analytics (ver20): the modules that look at pictures, and the rules that make events of what they see."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from lxml import etree

from tawny.wire.onvif.documents import document
from tawny.wire.onvif.elements import Element, child, children, flag, fragment, make, text
from tawny.wire.onvif.names import PREFIX_OF
from tawny.wire.onvif.soap import Call, nothing

_LARGEST_ELEMENT = 65_536


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """A module or a rule: *kind* as in ``tt:CellMotionDetector``.

    *parameters* are values by name; *elements* are those that are XML themselves, kept as they are to be sent back.
    """

    name: str
    kind: str
    parameters: Mapping[str, str] = field(default_factory=dict)
    elements: Mapping[str, bytes] = field(default_factory=dict)
    namespace: str | None = None  # of *kind*'s prefix, where that is a maker's


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What the service can do."""

    rules: bool = False
    modules: bool = False
    metadata: bool = False


def read_capabilities(element: Element | None) -> Capabilities:
    return Capabilities(
        rules=flag(element, "@RuleSupport") or False,
        modules=flag(element, "@AnalyticsModuleSupport") or False,
        metadata=flag(element, "@SupportedMetadata") or False,
    )


def read_config(element: Element) -> Config:
    kind = text(element, "@Type") or ""
    prefix, colon, name = kind.rpartition(":")
    namespace = element.nsmap.get(prefix) if colon else None
    if namespace in PREFIX_OF:
        kind, namespace = f"{PREFIX_OF[namespace]}:{name}", None
    parameters = child(element, "Parameters")
    return Config(
        name=text(element, "@Name") or "",
        kind=kind,
        parameters=_simple_items(parameters),
        elements=_element_items(parameters),
        namespace=namespace,
    )


def _simple_items(parameters: Element | None) -> dict[str, str]:
    found: dict[str, str] = {}
    for each in children(parameters, "SimpleItem"):
        found.setdefault(text(each, "@Name") or "", text(each, "@Value") or "")
    return found


def _element_items(parameters: Element | None) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for each in children(parameters, "ElementItem"):
        inner = next(each.iterchildren(etree.Element), None)
        written = b"" if inner is None else fragment(inner)
        if written and len(written) <= _LARGEST_ELEMENT:
            found.setdefault(text(each, "@Name") or "", written)
    return found


def write_config(name: str, value: Config) -> Element:
    simple = [make("tt:SimpleItem", Name=key, Value=given) for key, given in value.parameters.items()]
    elements = [make("tt:ElementItem", document(xml, lenient=False), Name=key) for key, xml in value.elements.items()]
    made = make(name, make("tt:Parameters", *simple, *elements), Name=value.name, Type=value.kind)
    return made if value.namespace is None else _declared(made, value.kind.partition(":")[0], value.namespace)


def _declared(element: Element, prefix: str, namespace: str) -> Element:
    """*element* with a maker's prefix declared, which stands in the text of its type."""
    own = etree.QName(element).namespace or ""
    declared = etree.Element(element.tag, nsmap={element.prefix: own, prefix: namespace})
    for key, value in element.attrib.items():
        declared.set(key, value)
    declared.extend(list(element))
    return declared


def get_service_capabilities() -> Call[Capabilities]:
    return Call(
        body=make("tan:GetServiceCapabilities"), read=lambda answer: read_capabilities(child(answer, "Capabilities"))
    )


def get_modules(configuration: str) -> Call[tuple[Config, ...]]:
    """The modules of an analytics configuration."""
    return Call(
        body=_of("GetAnalyticsModules", configuration),
        read=lambda answer: tuple(read_config(each) for each in children(answer, "AnalyticsModule")),
    )


def modify_module(configuration: str, module: Config) -> Call[None]:
    return Call(
        body=_of("ModifyAnalyticsModules", configuration, write_config("tan:AnalyticsModule", module)), read=nothing
    )


def get_rules(configuration: str) -> Call[tuple[Config, ...]]:
    return Call(
        body=_of("GetRules", configuration),
        read=lambda answer: tuple(read_config(each) for each in children(answer, "Rule")),
    )


def create_rule(configuration: str, rule: Config) -> Call[None]:
    return Call(body=_of("CreateRules", configuration, write_config("tan:Rule", rule)), read=nothing)


def modify_rule(configuration: str, rule: Config) -> Call[None]:
    return Call(body=_of("ModifyRules", configuration, write_config("tan:Rule", rule)), read=nothing)


def delete_rule(configuration: str, name: str) -> Call[None]:
    return Call(body=_of("DeleteRules", configuration, make("tan:RuleName", name)), read=nothing)


def get_supported_rules(configuration: str) -> Call[tuple[str, ...]]:
    """The kinds of rules that can be made."""
    return Call(
        body=_of("GetSupportedRules", configuration),
        read=lambda answer: tuple(
            name for each in children(answer, "SupportedRules/RuleDescription") if (name := text(each, "@Name"))
        ),
    )


def _of(operation: str, configuration: str, *content: Element | None) -> Element:
    return make(f"tan:{operation}", make("tan:ConfigurationToken", configuration), *content)
