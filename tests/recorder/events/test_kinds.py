from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tawny.recorder.events import kinds
from tawny.recorder.events.kinds import Meaning, Reading
from tawny.recorder.events.model import Kind
from tawny.wire.onvif.events import CHANGED, DELETED, INITIALIZED, Message


def told(topic: str, *, operation: str | None = CHANGED, **data: str) -> Message:
    return Message(topic=topic, operation=operation, data=data)


def kind_of(topic: str, *, operation: str | None = CHANGED, **data: str) -> Kind | None:
    """The one kind that a message tells."""
    meaning = kinds.read(told(topic, operation=operation, **data))
    if meaning is None:
        return None
    (reading,) = meaning.readings
    return reading.kind


@pytest.mark.parametrize(
    ("topic", "item", "kind"),
    [
        ("tns1:VideoSource/MotionAlarm", "State", Kind.MOTION),
        ("tns1:RuleEngine/CellMotionDetector/Motion", "IsMotion", Kind.MOTION),
        ("tns1:RuleEngine/MotionRegionDetector/Motion", "State", Kind.MOTION),
        ("tns1:VideoAnalytics/tnssamsung:MotionDetection", "State", Kind.MOTION),
        ("tnsaxis:CameraApplicationPlatform/VMD/Camera1Profile1", "active", Kind.MOTION),
        ("tns1:Device/tnsaxis:Sensor/PIR", "state", Kind.MOTION),
        ("tns1:VideoSource/ImageTooDark/AnalyticsService", "State", Kind.DARK),
        ("tns1:VideoSource/ImageTooBright/ImagingService", "State", Kind.BRIGHT),
        ("tns1:VideoSource/ImageTooBlurry/ImagingService", "State", Kind.BLUR),
        ("tns1:VideoSource/tnssamsung:DefocusDetection", "State", Kind.BLUR),
        ("tns1:VideoSource/GlobalSceneChange/ImagingService", "State", Kind.TAMPER),
        ("tns1:RuleEngine/TamperDetector/Tamper", "IsTamper", Kind.TAMPER),
        ("tns1:RuleEngine/FieldDetector/ObjectsInside", "IsInside", Kind.AREA),
        ("tns1:RuleEngine/LoiteringDetector/ObjectIsLoitering", "State", Kind.LOITERING),
        ("tns1:RuleEngine/MyRuleDetector/PeopleDetect", "State", Kind.PERSON),
        ("tns1:RuleEngine/MyRuleDetector/VehicleDetect", "State", Kind.VEHICLE),
        ("tns1:RuleEngine/MyRuleDetector/DogCatDetect", "State", Kind.PET),
        ("tns1:RuleEngine/MyRuleDetector/FaceDetect", "State", Kind.FACE),
        ("tns1:RuleEngine/MyRuleDetector/Visitor", "State", Kind.INPUT),
        ("tns1:AudioAnalytics/Audio/DetectedSound", "State", Kind.AUDIO),
        ("tns1:AudioSource/tnsaxis:TriggerLevel", "triggered", Kind.AUDIO),
        ("tns1:Device/Trigger/DigitalInput", "LogicalState", Kind.INPUT),
        ("tns1:Device/tnsaxis:IO/Port", "state", Kind.INPUT),
        ("tns1:Device/tnsaxis:IO/OutputPort", "state", Kind.RELAY),
        ("tns1:Device/Trigger/Relay", "LogicalState", Kind.RELAY),
        ("tns1:Device/HardwareFailure/StorageFailure", "Failed", Kind.STORAGE),
        ("tns1:Device/HardwareFailure/FanFailure", "Failed", Kind.DEVICE),
        ("tns1:Device/tnsaxis:Network/Lost", "lost", Kind.NETWORK),
        ("tns1:Device/tnsaxis:Status/Temperature/Above", "sensor_level", Kind.DEVICE),
        ("tns1:Device/tnsmaker:Anything/Strange", "State", Kind.DEVICE),
        ("tns1:VideoSource/SignalLoss", "State", Kind.DEVICE),
        ("tnsmaker:Anything/Strange", "State", Kind.OTHER),
    ],
)
def test_a_topic_is_read_by_its_words(topic: str, item: str, kind: Kind) -> None:
    meaning = kinds.read(told(topic, **{item: "true"}))

    assert meaning is not None
    assert meaning.lasts
    assert [reading.kind for reading in meaning.readings] == [kind]
    assert kinds.read(told(topic, **{item: "false"})) == Meaning()


def test_what_has_no_state_just_happens() -> None:
    crossed = kinds.read(told("tns1:RuleEngine/LineDetector/Crossed", operation=None, ObjectId="1"))
    disk = kinds.read(told("tns1:Device/HardwareFailure/tnshik:HardDiskFull", operation=None))

    assert crossed == Meaning(readings=(Reading(kind=Kind.LINE, title="Line crossed"),), lasts=False)
    assert disk == Meaning(readings=(Reading(kind=Kind.STORAGE, title="Storage: hard disk full"),), lasts=False)


def test_objects_of_several_classes_are_told_each_by_its_kind() -> None:
    meaning = kinds.read(told("tns1:RuleEngine/ObjectDetection/Object", ClassTypes="Human Car, Truck Suitcase"))

    assert meaning is not None
    assert meaning.readings == (
        Reading(kind=Kind.PERSON, title="Person", classes=("Human",)),
        Reading(kind=Kind.VEHICLE, title="Vehicle", classes=("Car", "Truck")),
        Reading(kind=Kind.OBJECT, title="Suitcase", classes=("Suitcase",)),
    )


def test_a_line_that_a_car_crossed_is_a_line_with_a_class() -> None:
    meaning = kinds.read(told("tns1:RuleEngine/LineDetector/Crossed", operation=None, ClassTypes="Car"))

    assert meaning is not None
    assert meaning.readings == (Reading(kind=Kind.LINE, title="Line crossed", classes=("Car",)),)


def test_of_several_values_the_one_that_is_named_so_is_the_state() -> None:
    topic = "tnsaxis:Storage/Alert"

    assert kind_of(topic, overall_health="0", alert="1", temperature="1") is Kind.STORAGE
    assert kinds.read(told(topic, overall_health="1", alert="0", wear="1")) == Meaning()


def test_a_number_is_no_state() -> None:
    assert kinds.read(told("tns1:RuleEngine/CountAggregation/Counter", Count="1")) is None


@pytest.mark.parametrize(
    "topic",
    [
        "tns1:Monitoring/ProcessorUsage",
        "tns1:RecordingConfig/JobState",
        "tns1:PTZController/tnsaxis:PTZReady",
        "tns1:Device/tnsaxis:Status/SystemReady",
        "tns1:Device/tnsaxis:Fan/Status",
        "tns1:Device/tnsaxis:Status/Temperature/Inside",
        "tns1:VideoSource/tnsaxis:LiveStreamAccessed",
    ],
)
def test_bookkeeping_is_no_news(topic: str) -> None:
    assert kinds.read(told(topic, State="true")) is None
    assert kinds.read(told(topic, Value="0.3")) is None


def test_how_a_thing_is_when_we_come_counts_where_it_is_an_alarm() -> None:
    assert kind_of("tns1:VideoSource/MotionAlarm", operation=INITIALIZED, State="true") is Kind.MOTION
    assert kinds.read(told("tns1:VideoSource/tnsaxis:DayNightVision", operation=INITIALIZED, day="true")) is None
    assert kind_of("tns1:VideoSource/tnsaxis:DayNightVision", day="true") is Kind.STATE


def test_a_property_that_is_no_more_is_not_so() -> None:
    assert (
        kinds.read(told("tns1:RuleEngine/FieldDetector/ObjectsInside", operation=DELETED, IsInside="true")) == Meaning()
    )


def test_a_state_that_is_no_property_may_never_end() -> None:
    meaning = kinds.read(told("tns1:RuleEngine/PeopleDetector/People", operation=None, IsPeople="true"))

    assert meaning is not None
    assert (meaning.lasts, meaning.sure) == (True, False)


@pytest.mark.parametrize(
    ("message", "title"),
    [
        (
            replace(told("tns1:Device/Trigger/DigitalInput", LogicalState="true"), source={"InputToken": "door"}),
            "Input door",
        ),
        (told("tns1:RuleEngine/MyRuleDetector/Visitor", State="true"), "Doorbell"),
        (
            told("tns1:RuleEngine/Recognition/LicensePlate", operation=None, PlateNumber="B-XY 12"),
            "Licence plate B-XY 12",
        ),
        (told("tns1:Monitoring/OperatingTime/LastReboot", Status="2026-11-22T10:00:00Z"), "The camera restarted"),
        (told("tns1:Media/ConfigurationChanged", operation=None, Type="OSD"), "Settings of the camera were changed"),
        (told("tnsmaker:WaterLevelAlarm", State="true"), "Water level alarm"),
        (told("tns1:Device/tnshik:Network/tnshik:IPAddrConflict", operation=None), "Network: IP addr conflict"),
    ],
)
def test_a_title_is_for_people(message: Message, title: str) -> None:
    meaning = kinds.read(message)

    assert meaning is not None
    assert [reading.title for reading in meaning.readings] == [title]


_TEXTS = st.text(max_size=40)
_ITEMS = st.dictionaries(
    _TEXTS | st.sampled_from(["ClassTypes", "IsPeople", "State", "Count"]),
    _TEXTS | st.sampled_from(["true", "0"]),
    max_size=5,
)


@settings(max_examples=200)
@given(
    _TEXTS.filter(bool) | st.sampled_from(["tns1:Device/Trigger/", "/", "tns1:VideoSource/MotionAlarm"]),
    st.sampled_from([None, INITIALIZED, CHANGED, DELETED, "Nonsense"]),
    _ITEMS,
    _ITEMS,
)
def test_whatever_a_camera_says_is_read_or_left(
    topic: str, operation: str | None, source: dict[str, str], data: dict[str, str]
) -> None:
    meaning = kinds.read(Message(topic=topic, operation=operation, source=source, data=data))

    if meaning is not None:
        assert all(0 < len(reading.title) <= 80 for reading in meaning.readings)
        assert len(meaning.readings) <= 16
