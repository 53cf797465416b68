from tawny.recorder.storage.alarms import Alarms
from tawny.recorder.storage.model import Condition, Severity
from tawny.runtime.clock import SimulatedClock
from tawny.wire.moments import rfc3339

HOT = Condition(kind="disk_hot", severity=Severity.ALARM, title="61 °C", remedy="Air.", volume="vol_a")
SLOW = Condition(kind="volume_slow", severity=Severity.WARNING, title="Slow", remedy="", volume="vol_a")


async def test_an_alarm_keeps_its_id_and_its_beginning_while_its_words_change() -> None:
    clock = SimulatedClock()
    alarms, began = Alarms(clock), clock.utc_us()
    assert alarms.update([HOT])

    await clock.advance(60)
    hotter = Condition(kind="disk_hot", severity=Severity.ALARM, title="65 °C", remedy="Air.", volume="vol_a")

    assert alarms.update([hotter])
    assert not alarms.update([hotter])
    (told,) = alarms.document()
    assert (told["id"], told["since"], told["title"]) == ("disk_hot.vol_a", rfc3339(began), "65 °C")


async def test_an_alarm_that_went_and_came_again_is_a_new_one() -> None:
    clock = SimulatedClock()
    alarms = Alarms(clock)
    alarms.update([HOT])

    assert alarms.update([])
    await clock.advance(60)
    alarms.update([HOT])

    assert alarms.document()[0]["since"] == rfc3339(clock.utc_us())


async def test_alarms_stand_before_warnings() -> None:
    clock = SimulatedClock()
    alarms = Alarms(clock)
    alarms.update([SLOW])
    await clock.advance(1)

    alarms.update([SLOW, HOT])

    assert [alarm["kind"] for alarm in alarms.document()] == ["disk_hot", "volume_slow"]
