from tawny.wire.onvif import configurations
from tawny.wire.onvif.configurations import Configuration, Multicast
from tawny.wire.onvif.elements import make
from tests.wire.onvif import values
from tests.wire.onvif.answers_in_words import answer, sent


def test_what_is_written_reads_back() -> None:
    source = configurations.write_video_source_configuration("trt:Configuration", values.VIDEO_SOURCE_CONFIGURATION)
    audio = configurations.write_audio_source_configuration("trt:Configuration", values.AUDIO_SOURCE_CONFIGURATION)
    metadata = configurations.write_metadata_configuration("trt:Configuration", values.METADATA_CONFIGURATION)
    output = configurations.write_audio_output_configuration("trt:Configuration", values.AUDIO_OUTPUT_CONFIGURATION)

    assert configurations.read_video_source_configuration(sent(source)) == values.VIDEO_SOURCE_CONFIGURATION
    assert configurations.read_audio_source_configuration(sent(audio)) == values.AUDIO_SOURCE_CONFIGURATION
    assert configurations.read_metadata_configuration(sent(metadata)) == values.METADATA_CONFIGURATION
    assert configurations.read_audio_output_configuration(sent(output)) == values.AUDIO_OUTPUT_CONFIGURATION


def test_what_is_lacking_is_absent() -> None:
    empty = answer('<Configurations token="7"/>')

    assert configurations.read_configuration(empty) == Configuration(token="7")
    assert configurations.read_video_source_configuration(empty).bounds is None
    assert configurations.read_metadata_configuration(empty).analytics is None
    assert configurations.read_multicast(empty) is None


def test_a_group_of_ipv6_is_written_as_one() -> None:
    group = Multicast(address="ff02::1", port=5000)

    held = sent(make("tt:Held", configurations.write_multicast(group)))

    assert configurations.read_multicast(held) == group
