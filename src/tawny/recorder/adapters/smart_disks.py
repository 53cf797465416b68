"""Drives' own word on their health, by ``smartctl --json`` (smartmontools 7), without waking those that sleep.

The exit status is a set of bits (smartctl(8), "EXIT STATUS"). The temperature is ``temperature.current``: raw values of
attributes 190 and 194 are packed in ways that differ from maker to maker.
"""

import json
import logging
from collections.abc import Mapping
from typing import Any, Final, TypeGuard

from tawny.recorder.adapters.programs import Programs
from tawny.recorder.storage.model import BlockDevice, Health, Smart

_TIMEOUT_S: Final = 30
_FAILING: Final = 0b0001_1000  # "disk failing", or a prefail attribute below its threshold
_TOO_WARM: Final = 0b10  # among the critical warnings of NVMe
_HOTTEST_C: Final = 150  # readings beyond are the sensor's fault
_SECTORS: Final = {5: "has replaced {} bad sectors", 197: "waits to replace {} sectors", 198: "cannot read {} sectors"}

_log = logging.getLogger(__name__)


class SmartDisks:
    """`DriveHealth` by smartctl."""

    def __init__(self, programs: Programs) -> None:
        self._programs = programs

    def read(self, device: BlockDevice) -> Health:
        try:
            ended = self._programs.run(
                "smartctl", "--json", "--all", "--nocheck=standby", device.path, timeout_s=_TIMEOUT_S
            )
        except FileNotFoundError:
            return _unknown("Its health is not known: the program smartctl (smartmontools) is not installed.")
        except OSError as error:
            _log.warning("the health of %s is not known: %s", device.name, error)
            return _unknown("The drive did not answer when it was asked about its health.")
        return read_smart(ended.output, ended.code)


def read_smart(output: bytes, code: int) -> Health:
    """What smartctl's *output* and exit *code* mean."""
    try:
        document = json.loads(output)
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict):
        return _unknown("The drive's word on its health could not be read.")
    if _asleep(document):
        return Health(smart=Smart.UNKNOWN, title="The drive sleeps and was not woken.", asleep=True)
    temperature, limit = _temperature(document)
    smart, title = _judge(document, code)
    return Health(smart=smart, title=title, temperature_c=temperature, limit_c=limit)


def _judge(document: Mapping[str, Any], code: int) -> tuple[Smart, str]:
    passed = _part(document, "smart_status").get("passed")
    warnings = _part(document, "nvme_smart_health_information_log").get("critical_warning")
    if _is_number(warnings):
        failing = bool(warnings & ~_TOO_WARM)  # heat alone is no fault; it has an alarm of its own
        passed = not failing
    else:
        failing = passed is False or bool(code & _FAILING)
    if failing:
        return Smart.FAILING, "The drive says that it is failing. Replace it soon."
    if passed is not True:
        return Smart.UNKNOWN, "The drive does not tell its health."
    return Smart.OK, _worn(document) or "The drive says that it is well."


def _worn(document: Mapping[str, Any]) -> str:
    """A remark about a drive that is well, and yet wears out."""
    used = _part(document, "nvme_smart_health_information_log").get("percentage_used")
    if _is_number(used) and used >= 100:
        return "The drive has reached the age its maker gave it. Plan its replacement."
    table = _part(document, "ata_smart_attributes").get("table")
    for entry in table if isinstance(table, list) else ():
        words = _SECTORS.get(entry.get("id", 0)) if isinstance(entry, dict) and _is_number(entry.get("id")) else None
        count = _part(entry, "raw").get("value") if words else None
        if words and _is_number(count) and count > 0:
            return f"The drive {words.format(int(count))}. Watch it."
    return ""


def _temperature(document: Mapping[str, Any]) -> tuple[int | None, int | None]:
    found = _part(document, "temperature")
    limit = found.get("op_limit_max", _part(document, "nvme_composite_temperature_threshold").get("warning"))
    return _degrees(found.get("current")), _degrees(limit)


def _degrees(value: Any) -> int | None:
    return int(value) if _is_number(value) and 0 < value < _HOTTEST_C else None


def _asleep(document: Mapping[str, Any]) -> bool:
    messages = _part(document, "smartctl").get("messages")
    words = [m.get("string") for m in messages if isinstance(m, dict)] if isinstance(messages, list) else []
    return any(isinstance(word, str) and ("STANDBY" in word or "SLEEP" in word) for word in words)


def _part(document: Any, name: str) -> Mapping[str, Any]:
    found = document.get(name) if isinstance(document, dict) else None
    return found if isinstance(found, dict) else {}


def _is_number(value: Any) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)


def _unknown(title: str) -> Health:
    return Health(smart=Smart.UNKNOWN, title=title)
