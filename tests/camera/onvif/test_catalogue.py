from tawny.camera.onvif.catalogue import MOST_MADE, Catalogue
from tawny.camera.onvif.model import channels_of
from tawny.runtime.clock import SimulatedClock
from tawny.runtime.tasks import Tasks
from tests.camera.clips import clip, stream


async def test_what_clients_make_stands_behind_the_fixed_profiles_and_there_is_room_for_so_many() -> None:
    clock = SimulatedClock()
    async with Tasks("test") as tasks:
        channels = channels_of({"/gate/main": stream(clip(), clock, tasks), "/gate/sub": stream(clip(), clock, tasks)})
        catalogue = Catalogue(channels, equip=lambda profile: profile)
        made = catalogue.make("Ours")
        catalogue.put(made.token, "VideoEncoder", None)

        _, shown = catalogue.stream(catalogue.profile(made.token))

    assert [profile.token for profile in catalogue.profiles()] == ["gate-main", "gate-sub", made.token]
    assert shown.name == "main"
    assert catalogue.most == 2 + MOST_MADE
