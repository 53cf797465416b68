import pytest
from hypothesis import given
from hypothesis import strategies as st

from tawny.wire.onvif import topics
from tawny.wire.onvif.elements import child, make
from tests.wire.onvif.answers_in_words import answer, sent

MOTION = "tns1:RuleEngine/CellMotionDetector/Motion"


@pytest.mark.parametrize(
    ("expression", "meant"),
    [
        (MOTION, True),
        ("tns1:RuleEngine//.", True),
        ("tns1:RuleEngine/CellMotionDetector//.", True),
        (f"tns1:VideoSource//.|{MOTION}", True),
        ("tns1:RuleEngine", False),
        ("tns1:RuleEngine/CellMotion//.", False),
        ("tns1:VideoSource//.", False),
        ("", False),
    ],
)
def test_an_expression_means_topics_by_whole_names(expression: str, meant: bool) -> None:
    assert topics.matches(expression, MOTION) is meant


def test_a_prefix_of_the_cameras_choice_becomes_the_usual_one() -> None:
    told = answer(
        '<A xmlns:x="http://www.onvif.org/ver10/topics"><Topic> x:RuleEngine/tnsajax:Line/Crossed//. </Topic></A>'
    )

    assert topics.read_topic(child(told, "Topic")) == "tns1:RuleEngine/tnsajax:Line/Crossed"


def test_a_topics_names_are_told_without_prefixes() -> None:
    assert topics.path("tns1:RuleEngine/tnsajax:Line/Crossed") == ("RuleEngine", "Line", "Crossed")


def test_a_topic_with_a_description_is_one_though_it_is_not_marked() -> None:
    tree = answer(
        '<A><TopicSet><tns1:VideoSource><MotionAlarm><tt:MessageDescription IsProperty="true">'
        '<tt:Data><tt:SimpleItemDescription Name="State" Type="xs:boolean"/></tt:Data></tt:MessageDescription>'
        "</MotionAlarm></tns1:VideoSource></TopicSet></A>"
    )

    (found,) = topics.read_topic_set(child(tree, "TopicSet"))

    assert found == topics.TopicDescription(
        topic="tns1:VideoSource/MotionAlarm", is_property=True, data={"State": "xs:boolean"}
    )


@given(st.text(max_size=40))
def test_no_text_breaks_the_reader_of_topics(text: str) -> None:
    read = topics.read_topic(sent(make("wsnt:Topic", text)))

    assert len(read) <= 1024
    assert topics.matches(read, read) or "|" in read or read.endswith("//.") or read != read.strip()
