"""Errors in words."""

import pytest

from tawny.recorder.onvif.troubles import DeviceTrouble, device_error
from tawny.runtime.problem import Kind


@pytest.mark.parametrize("trouble", DeviceTrouble)
def test_every_trouble_has_words_and_becomes_a_problem(trouble: DeviceTrouble) -> None:
    error = device_error(trouble)

    problem = error.problem()

    assert error.title.endswith(".")
    assert problem.title == error.title
    assert problem.remedy == error.remedy
    assert problem.extra["trouble"] == str(trouble)


def test_who_does_not_answer_is_unreachable_and_who_says_no_refuses() -> None:
    assert device_error(DeviceTrouble.SILENT).problem().kind is Kind.UNREACHABLE
    assert device_error(DeviceTrouble.CREDENTIALS).problem().kind is Kind.REFUSED


def test_an_unknown_certificate_is_told_along() -> None:
    assert device_error(DeviceTrouble.CERTIFICATE, certificate="ab").problem().extra["certificate"] == "ab"


def test_what_a_device_said_is_cut_to_size() -> None:
    assert len(device_error(DeviceTrouble.REFUSED, reason="word \n" * 1000).reason) <= 200
