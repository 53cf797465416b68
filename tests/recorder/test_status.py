import json
from dataclasses import replace

from tawny.recorder.archive.model import ArchiveStatus
from tawny.recorder.archive.model import Phase as ArchivePhase
from tawny.recorder.cameras.model import Camera, OnvifSource, Recorder
from tawny.recorder.ingest.model import CameraState, MediaTransport, Phase
from tawny.recorder.onvif.model import DeviceAddress, DevicePhase, DeviceState, DeviceTrouble
from tawny.recorder.status import camera_document, online, recorder_document
from tawny.wire.media import StreamName
from tests.fakes.devices import IDENTITY
from tests.fakes.ingest import DELIVERING, ONLINE, REFUSED
from tests.fakes.machine import volume

CAMERA = Camera(
    id="cam_a",
    name="Gate",
    url="rtsp://192.0.2.7/a",
    sub_url="",
    user="admin",
    password="Kolotoč7",
    added_us=1_800_000_000_000_000,
)


def test_a_camera_is_shown_with_all_but_its_password() -> None:
    document = camera_document(CAMERA, ONLINE, {StreamName.MAIN: DELIVERING, StreamName.SUB: None})

    assert "Kolotoč7" not in json.dumps(document, ensure_ascii=False)
    assert document | {"state": ..., "streams": ..., "device": ...} == {
        "id": "cam_a",
        "kind": "rtsp",
        "name": "Gate",
        "enabled": True,
        "sound": False,
        "url": "rtsp://192.0.2.7/a",
        "sub_url": "",
        "user": "admin",
        "added_at": "2027-01-15T08:00:00Z",
        "depth_days": None,
        "transport": "automatic",
        "allow_basic": False,
        "fingerprint": "",
        "host": "192.0.2.7",
        "make": "",
        "model": "",
        "firmware": "",
        "serial": "",
        "mac": "",
        "uuid": "",
        "ptz": False,
        "clock_offset_s": None,
        "state": ...,
        "device": ...,
        "streams": ...,
    }
    assert document["device"]["phase"] == "none"


def test_an_onvif_camera_is_shown_with_who_it_is_and_how_its_onvif_side_does() -> None:
    camera = replace(
        CAMERA,
        device=OnvifSource(address=DeviceAddress(host="192.0.2.9", port=8000), main_profile="a", ptz=True),
        identity=IDENTITY,
        transport=MediaTransport.UDP,
    )
    state = DeviceState(phase=DevicePhase.WAITING, since_us=0, title="It is locked.", kind=DeviceTrouble.LOCKED_OUT)

    document = camera_document(camera, ONLINE, {}, device=state, clock_offset_s=-7.5)

    assert (document["kind"], document["host"], document["ptz"]) == ("onvif", "192.0.2.9", True)
    assert (document["make"], document["model"], document["mac"]) == ("Hikvision", "DS-2CD2143G0-I", IDENTITY.mac)
    assert (document["clock_offset_s"], document["transport"]) == (-7.5, "udp")
    assert (document["device"]["kind"], document["device"]["title"]) == ("locked_out", "It is locked.")


def test_rates_that_are_not_measured_yet_are_nothing() -> None:
    new = replace(DELIVERING, fps=0.0, bits_per_second=0)

    main = camera_document(CAMERA, ONLINE, {StreamName.MAIN: new})["streams"]["main"]

    assert (main["fps"], main["bits_per_second"]) == (None, None)


def test_a_stream_is_shown_as_measured() -> None:
    document = camera_document(CAMERA, ONLINE, {StreamName.MAIN: DELIVERING})

    assert document["streams"] == {
        "main": {
            "codec": "h264",
            "codec_string": "avc1.640028",
            "width": 1920,
            "height": 1080,
            "fps": 25.0,
            "bits_per_second": 4_000_000,
            "key_frame_s": None,
            "audio": {"codec": "pcma", "sample_rate": 8000, "channels": 1},
            "lost_packets": 3,
            "recording": True,
        },
        "sub": None,
    }


def test_trouble_is_shown_in_words_with_its_remedy_and_the_next_attempt() -> None:
    assert camera_document(CAMERA, REFUSED, {})["state"] == {
        "phase": "waiting",
        "since": "2027-01-15T08:00:00Z",
        "title": "The camera refused the password.",
        "remedy": "Type it again.",
        "kind": "credentials",
        "retry_at": "2027-01-15T08:00:30Z",
    }


def test_the_recorder_is_shown_with_its_archive_disks_and_alarms() -> None:
    archive = ArchiveStatus(
        phase=ArchivePhase.LIVE_ONLY,
        title="The disk is not there.",
        remedy="Plug it in.",
        queue_s=0.12345,
        unsynced_s=1.5,
        size_bytes=7,
        limit_bytes=None,
        oldest_us=1_800_000_000_000_000,
    )
    recorder = Recorder(id="rec_a", name="Recorder", time_zone="Europe/Prague")

    document = recorder_document(
        recorder,
        version="1.2",
        started_us=1_800_000_000_000_000,
        uptime_s=61.234,
        cameras=[ONLINE],
        archive=archive,
        volumes=[volume(total_bytes=10, free_bytes=4), volume("vol_2", total_bytes=7, free_bytes=1)],
        alarms=[{"id": "disk_hot.vol_1"}],
    )

    assert document == {
        "id": "rec_a",
        "name": "Recorder",
        "version": "1.2",
        "started_at": "2027-01-15T08:00:00Z",
        "uptime_s": 61.2,
        "time_zone": "Europe/Prague",
        "cameras": {"online": 1, "total": 1},
        "archive": {
            "bytes": 7,
            "limit_bytes": None,
            "oldest": "2027-01-15T08:00:00Z",
            "state": {"phase": "live_only", "title": "The disk is not there.", "remedy": "Plug it in."},
            "queue_s": 0.123,
            "unsynced_s": 1.5,
        },
        "volume": {"total_bytes": 17, "free_bytes": 5},
        "alarms": [{"id": "disk_hot.vol_1"}],
    }


def test_only_cameras_that_deliver_count_as_online() -> None:
    assert online([ONLINE, REFUSED, CameraState(phase=Phase.DISABLED, since_us=0)]) == {"online": 1, "total": 3}
