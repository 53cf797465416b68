from dataclasses import replace

from tawny.wire.onvif import analytics
from tests.wire.onvif import values
from tests.wire.onvif.answers_in_words import answer, sent


def test_a_rule_reads_back_with_its_elements_as_they_are() -> None:
    assert analytics.read_config(sent(analytics.write_config("tan:Rule", values.RULE))) == values.RULE


def test_a_rule_of_a_makers_own_kind_keeps_its_namespace() -> None:
    rule = replace(values.RULE, kind="acme:Tripwire", namespace="http://acme.example/rules")

    written = sent(analytics.create_rule("a", rule).body)

    assert analytics.get_rules("a").read(written) == (rule,)


def test_a_prefix_of_the_cameras_choice_becomes_the_usual_one() -> None:
    read = analytics.read_config(
        answer('<Rule xmlns:ns1="http://www.onvif.org/ver10/schema" Name="r" Type="ns1:LineDetector"/>')
    )

    assert (read.kind, read.namespace) == ("tt:LineDetector", None)


def test_kinds_of_rules_and_capabilities_are_read() -> None:
    kinds = analytics.get_supported_rules("a").read(
        answer('<A><SupportedRules><RuleDescription Name="tt:LineDetector"/><RuleDescription/></SupportedRules></A>')
    )
    able = analytics.get_service_capabilities().read(answer('<A><Capabilities RuleSupport="true"/></A>'))

    assert kinds == ("tt:LineDetector",)
    assert able == analytics.Capabilities(rules=True)
