from uuid import UUID

from tawny.camera.onvif.main import identity_of
from tawny.camera.onvif.model import channels_of
from tawny.camera.onvif.scopes import Scopes
from tawny.runtime.clock import SimulatedClock
from tawny.runtime.tasks import Tasks
from tests.camera.clips import clip, stream


async def test_a_change_is_told_once_it_is_made_and_fixed_ones_stay() -> None:
    clock, told = SimulatedClock(), list[tuple[str, ...]]()
    async with Tasks("test") as tasks:
        channels = channels_of({"/gate/main": stream(clip(), clock, tasks)})
        scopes = Scopes(identity_of(channels, UUID(int=1)), channels)
        scopes.changed = lambda: told.append(scopes.all())
        scopes.set(["onvif://www.onvif.org/name/Barn", "onvif://www.onvif.org/name/Barn"])

    assert told == [(*scopes.fixed, "onvif://www.onvif.org/name/Barn")]
    assert "onvif://www.onvif.org/Profile/Streaming" in scopes.fixed
