from tawny.wire.onvif import recording
from tawny.wire.onvif.elements import make
from tawny.wire.onvif.recording import Recording, RecordingJob, Source, Track
from tests.wire.onvif.answers_in_words import answer, sent

CARD = Source(id="VideoSource_1", name="Gate", location="North", description="x", address="rtsp://192.0.2.7/")


def test_recordings_are_read_with_their_tracks() -> None:
    source = "<SourceId>s</SourceId><Name>Gate</Name>"
    read = recording.get_recordings().read(
        answer(
            f"<A><RecordingItem><RecordingToken>r</RecordingToken><Configuration><Source>{source}</Source>"
            "<Content>card</Content><MaximumRetentionTime>PT0S</MaximumRetentionTime></Configuration><Tracks><Track>"
            "<TrackToken>t</TrackToken><Configuration><TrackType>Video</TrackType></Configuration></Track></Tracks>"
            "</RecordingItem></A>"
        )
    )

    assert read == (
        Recording(
            token="r",
            source=Source(id="s", name="Gate"),
            content="card",
            retention_s=0,
            tracks=(Track(token="t", kind="Video"),),
        ),
    )


def test_a_source_reads_back() -> None:
    held = sent(make("tt:Held", recording.write_source("tt:Source", CARD)))

    assert recording.read_source(held[0]) == CARD


def test_jobs_tell_what_they_record_from() -> None:
    read = recording.get_recording_jobs().read(
        answer(
            "<A><JobItem><JobToken>j</JobToken><JobConfiguration><RecordingToken>r</RecordingToken><Mode>Active</Mode>"
            "<Priority>5</Priority><Source><SourceToken><Token>Profile_1</Token></SourceToken></Source><Source/>"
            "</JobConfiguration></JobItem></A>"
        )
    )

    assert read == (RecordingJob(token="j", recording="r", mode="Active", priority=5, sources=("Profile_1",)),)


def test_the_state_of_a_job_and_capabilities_are_read() -> None:
    state = recording.get_recording_job_state("j").read(answer("<A><State><State>Idle</State></State></A>"))
    able = recording.get_service_capabilities().read(answer('<A><Capabilities MaxRecordings="1.0"/></A>'))

    assert state == "Idle"
    assert able == recording.Capabilities(most_recordings=1)
