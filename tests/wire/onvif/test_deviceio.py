from tawny.wire.onvif import deviceio
from tawny.wire.onvif.deviceio import DigitalInput
from tests.wire.onvif import values
from tests.wire.onvif.answers_in_words import answer, sent


def test_a_relay_and_an_input_read_back() -> None:
    entrance = DigitalInput(token="i1", idle="closed")

    relay = deviceio.read_relay_output(sent(deviceio.write_relay_output("tds:RelayOutputs", values.RELAY)))

    assert relay == values.RELAY
    assert deviceio.read_digital_input(sent(deviceio.write_digital_input("tmd:DigitalInputs", entrance))) == entrance


def test_an_input_that_does_not_say_how_it_idles_is_one() -> None:
    read = deviceio.get_digital_inputs().read(answer('<A><DigitalInputs token="AlarmIn_1"/></A>'))

    assert read == (DigitalInput(token="AlarmIn_1"),)


def test_tokens_and_counts_are_read() -> None:
    counts = deviceio.get_service_capabilities().read(
        answer('<A><Capabilities VideoSources="4" AudioOutputs="1" RelayOutputs="2" DigitalInputs="3"/></A>')
    )

    assert deviceio.get_audio_outputs().read(answer("<A><Token>a</Token><Token/></A>")) == ("a",)
    assert counts == deviceio.Capabilities(video_sources=4, audio_outputs=1, relays=2, inputs=3)
