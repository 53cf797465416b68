import pytest

from tawny.recorder.cameras.service import Cameras
from tawny.recorder.servers.methods import Methods
from tawny.runtime.clock import SimulatedClock
from tests.fakes.ingest import FakeIngest
from tests.fakes.settings import FakeSettings


def test_two_parts_cannot_offer_the_same_method() -> None:
    ingest, clock = FakeIngest(), SimulatedClock()
    cameras = Cameras(settings=FakeSettings(), ingest=ingest, clock=clock)

    with pytest.raises(ValueError, match="status"):
        Methods(
            cameras=cameras,
            ingest=ingest,
            status=dict,
            changed=lambda _: None,
            tables=[{"status": lambda _: None}],
        )
