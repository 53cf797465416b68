from tawny.wire.onvif import replay
from tests.wire.onvif.answers_in_words import answer


def test_where_to_play_from_is_read() -> None:
    read = replay.get_replay_uri("r").read(answer("<A><Uri> rtsp://192.0.2.7/replay?r=1 </Uri></A>"))

    assert read == "rtsp://192.0.2.7/replay?r=1"


def test_the_time_that_a_session_lasts_is_read() -> None:
    read = replay.get_session_timeout().read(
        answer("<A><Configuration><SessionTimeout>PT1M</SessionTimeout></Configuration></A>")
    )

    assert read == 60
