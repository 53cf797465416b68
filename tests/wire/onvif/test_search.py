import pytest

from tawny.wire.onvif import search
from tawny.wire.onvif.recording import Source
from tests.wire.onvif.answers_in_words import answer

TRACK = (
    "<TrackToken>t</TrackToken><TrackType>Video</TrackType>"
    "<DataFrom>1970-01-01T00:00:01Z</DataFrom><DataTo>1970-01-01T00:00:09Z</DataTo>"
)
RECORDING = (
    "<RecordingInformation><RecordingToken>r</RecordingToken><Source><SourceId>s</SourceId></Source>"
    "<EarliestRecording>1970-01-01T00:00:01Z</EarliestRecording><LatestRecording/><Content/>"
    f"<Track>{TRACK}</Track><RecordingStatus>Recording</RecordingStatus></RecordingInformation>"
)
EXPECTED = search.RecordingInformation(
    token="r",
    source=Source(id="s"),
    earliest_us=1_000_000,
    tracks=(search.TrackInformation(token="t", kind="Video", from_us=1_000_000, until_us=9_000_000),),
    status="Recording",
)


def test_results_come_with_the_state_of_the_search() -> None:
    read = search.get_recording_search_results("s").read(
        answer(f"<A><ResultList><SearchState>Completed</SearchState>{RECORDING}</ResultList></A>")
    )

    assert read == search.RecordingsFound(state=search.COMPLETED, recordings=(EXPECTED,))
    assert read.completed


def test_one_recording_is_told_or_that_it_is_not() -> None:
    call = search.get_recording_information("r")

    assert call.read(answer(f"<A>{RECORDING}</A>")) == EXPECTED
    with pytest.raises(ValueError, match="nothing of the recording"):
        call.read(answer("<A/>"))


def test_events_of_the_past_are_messages() -> None:
    read = search.get_event_search_results("s").read(
        answer(
            "<A><ResultList><SearchState>Searching</SearchState><Result><RecordingToken>r</RecordingToken>"
            "<TrackToken>t</TrackToken><Time>1970-01-01T00:00:02Z</Time><Event><wsnt:Topic>tns1:RecordingHistory/Track/State"
            '</wsnt:Topic><wsnt:Message><tt:Message><tt:Data><tt:SimpleItem Name="IsDataPresent" Value="true"/></tt:Data>'
            "</tt:Message></wsnt:Message></Event><StartStateEvent>true</StartStateEvent></Result><Result/></ResultList></A>"
        )
    )

    (found,) = read.events
    assert not read.completed
    assert (found.recording, found.track, found.utc_us, found.start_state) == ("r", "t", 2_000_000, True)
    assert found.message.topic == "tns1:RecordingHistory/Track/State"
    assert found.message.state is True


def test_a_search_without_a_token_is_said() -> None:
    with pytest.raises(ValueError, match="no token"):
        search.find_recordings().read(answer("<A/>"))


def test_the_card_is_summed_up() -> None:
    read = search.get_recording_summary().read(
        answer(
            "<A><Summary><DataFrom>1970-01-01T00:00:01Z</DataFrom><NumberRecordings>2</NumberRecordings></Summary></A>"
        )
    )

    assert read == search.Summary(from_us=1_000_000, recordings=2)


def test_tracks_tell_how_they_are_encoded() -> None:
    read = search.get_media_attributes(["r"], 0).read(
        answer(
            f"<A><MediaAttributes><TrackAttributes><TrackInformation>{TRACK}</TrackInformation><VideoAttributes>"
            "<Bitrate>4096</Bitrate><Width>1920</Width><Height>1080</Height><Encoding>H264</Encoding>"
            "<Framerate>25</Framerate></VideoAttributes></TrackAttributes></MediaAttributes></A>"
        )
    )

    assert read == (
        search.TrackAttributes(
            token="t", kind="Video", encoding="H264", width=1920, height=1080, frame_rate=25, bitrate_kbps=4096
        ),
    )
