"""Values that are kept and told."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tawny.recorder.onvif.model import (
    Authentication,
    DevicePhase,
    DeviceState,
    DeviceTrouble,
    Identity,
    Learned,
    Login,
)


def test_a_password_is_not_shown_by_its_login() -> None:
    assert "secret" not in repr(Login(user="u", password="secret"))


def test_what_was_learned_is_read_as_it_was_kept() -> None:
    learned = Learned(
        authentication=Authentication.WSSE, clock_offset_s=-3.5, media2=True, legacy=True, notify_only=True
    )

    assert Learned.read(json.loads(json.dumps(learned.document()))) == learned


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(), lambda s: st.dictionaries(st.text(), s), max_leaves=6
    )
)
def test_anything_else_is_nothing_learned_and_nobody(kept: object) -> None:
    assert Learned.read(kept) == Learned()
    assert Identity.read(kept) == Identity()


def test_clocks_that_are_no_number_are_not_known() -> None:
    assert Learned.read({"clock_offset_s": float("nan")}).clock_offset_s is None


def test_an_identity_is_read_as_it_was_kept() -> None:
    identity = Identity(uuid="u", serial="s", mac="m", make="a", model="b", firmware="c", hardware="d", certificate="e")

    assert Identity.read(json.loads(json.dumps(identity.document()))) == identity


@pytest.mark.parametrize(
    ("before", "now", "same"),
    [
        (Identity(), Identity(serial="1"), True),
        (Identity(serial="A1", mac="02:00:00:00:00:01"), Identity(serial="a1", mac="02:00:00:00:00:01"), True),
        (Identity(serial="1"), Identity(serial="2"), False),
        (Identity(serial="1", mac="02:00:00:00:00:01"), Identity(serial="1", mac="02:00:00:00:00:02"), False),
        (Identity(uuid="1"), Identity(uuid="2"), False),
        (Identity(uuid="1", serial="1"), Identity(uuid="2", serial="1"), True),
        (Identity(serial="1", firmware="1"), Identity(serial="1", firmware="2"), True),
    ],
)
def test_a_device_is_another_one_when_what_lasts_differs(before: Identity, now: Identity, *, same: bool) -> None:
    assert before.same_device(now) is same


def test_a_state_is_told_as_documented() -> None:
    state = DeviceState(
        phase=DevicePhase.WAITING, since_us=0, title="T", remedy="R", kind=DeviceTrouble.LOCKED_OUT, retry_at_us=10**6
    )

    assert state.document() == {
        "phase": "waiting",
        "since": "1970-01-01T00:00:00Z",
        "title": "T",
        "remedy": "R",
        "kind": "locked_out",
        "retry_at": "1970-01-01T00:00:01Z",
    }
