import pytest

from tawny.wire.onvif import media
from tests.wire.onvif.answers_in_words import answer


def test_a_profile_without_a_token_cannot_be_asked_for_and_is_left_out() -> None:
    read = media.get_profiles().read(answer('<A><Profiles token=""/><Profiles token="p"/><Profiles/></A>'))

    assert [profile.token for profile in read] == ["p"]


def test_a_stream_without_an_address_is_said() -> None:
    with pytest.raises(ValueError, match="no address"):
        media.get_stream_uri("p").read(answer("<A><MediaUri><Uri>  </Uri></MediaUri></A>"))


def test_an_answer_without_what_was_asked_for_is_said() -> None:
    with pytest.raises(ValueError, match="lacks Profile"):
        media.get_profile("p").read(answer("<A/>"))


def test_capabilities_are_told_by_attributes() -> None:
    read = media.get_service_capabilities().read(
        answer(
            '<A><Capabilities SnapshotUri="true" OSD="1"><ProfileCapabilities MaximumNumberOfProfiles="10"/>'
            '<StreamingCapabilities RTPMulticast="false" RTP_RTSP_TCP="true"/></Capabilities></A>'
        )
    )

    assert read == media.Capabilities(snapshots=True, osd=True, most_profiles=10, rtsp_over_tcp=True)


def test_tokens_of_microphones_are_told() -> None:
    read = media.get_audio_sources().read(answer('<A><AudioSources token="m1"/><AudioSources token="m2"/></A>'))

    assert read == ("m1", "m2")
