import pytest

from tawny.wire.onvif import device, names
from tawny.wire.onvif.device import Scope, Service, SystemDateAndTime, User
from tawny.wire.onvif.elements import make
from tests.wire.onvif.answers_in_words import answer, sent

CLOCK = (
    "<A><SystemDateAndTime><DateTimeType>Manual</DateTimeType><DaylightSavings>false</DaylightSavings><UTCDateTime>"
    "<Time><Hour>{}</Hour><Minute>{}</Minute><Second>{}</Second></Time>"
    "<Date><Year>{}</Year><Month>{}</Month><Day>{}</Day></Date></UTCDateTime></SystemDateAndTime></A>"
)


@pytest.mark.parametrize(
    ("time", "utc_us"),
    [
        ((19, 25, 13, 2026, 1, 13), 1_768_332_313_000_000),
        (("19", "25", "", 2026, "01", 13), 1_768_332_300_000_000),
        ((23, 59, 60, 2016, 12, 31), 1_483_228_800_000_000),
        ((10, 61, 0, 2026, 1, 13), None),
        ((25, 0, 0, 2026, 1, 13), None),
        ((10, 0, 0, 2026, 13, 13), None),
        ((10, 0, 0, 0, 0, 0), None),
        (("", "", "", "", "", ""), None),
        ((-1, 0, 0, 2026, 1, 13), None),
    ],
)
def test_a_clock_is_read_where_it_shows_a_time(time: tuple[object, ...], utc_us: int | None) -> None:
    read = device.get_system_date_and_time().read(answer(CLOCK.format(*time)))

    assert read == SystemDateAndTime(utc_us=utc_us)


def test_a_clock_that_is_not_told_is_unknown() -> None:
    assert device.get_system_date_and_time().read(answer("<A/>")) == SystemDateAndTime()


def test_a_time_to_be_set_reads_back() -> None:
    written = sent(make("tt:Held", device.write_date_time("tt:UTCDateTime", 1_768_332_313_999_999)))

    assert device.read_date_time(written[0]) == 1_768_332_313_000_000


def test_a_service_has_its_first_address_and_none_is_there_twice_or_without() -> None:
    one = "<Service><Namespace>{}</Namespace><XAddr>{}</XAddr><Version><Major>2</Major><Minor>60</Minor></Version></Service>"
    body = (
        one.format("urn:a", "\n http://192.0.2.7/a https://192.0.2.7/a")
        + one.format("urn:a", "http://x/")
        + one.format("urn:b", " ")
    )

    read = device.get_services().read(answer(f"<A>{body}</A>"))

    assert read == (Service(namespace="urn:a", address="http://192.0.2.7/a", version=(2, 60)),)


def test_capabilities_are_found_though_they_are_not_in_their_extension() -> None:
    read = device.get_capabilities().read(
        answer(
            "<A><Capabilities><Media><XAddr>http://192.0.2.7/m</XAddr></Media>"
            "<Recording><XAddr>http://192.0.2.7/r</XAddr></Recording>"
            "<Extension><DeviceIO><XAddr>http://192.0.2.7/io</XAddr></DeviceIO></Extension></Capabilities></A>"
        )
    )

    assert {each.namespace: each.address for each in read.services} == {
        names.MEDIA: "http://192.0.2.7/m",
        names.RECORDING: "http://192.0.2.7/r",
        names.DEVICEIO: "http://192.0.2.7/io",
    }


def test_what_the_device_can_do_is_told_by_attributes() -> None:
    read = device.get_service_capabilities().read(
        answer(
            '<A><Capabilities><Network NTP="2"/><Security HttpDigest="true" HashingAlgorithms="MD5 SHA-256" MaxUsers="8"'
            ' MaxUserNameLength="32" MaxPasswordLength="16"/><System UserConfigNotSupported="true"/>'
            '<Misc AuxiliaryCommands="tt:Wiper|On tt:Wiper|Off"/></Capabilities></A>'
        )
    )

    assert read == device.ServiceCapabilities(
        http_digest=True,
        hashing_algorithms=("MD5", "SHA-256"),
        most_users=8,
        longest_user_name=32,
        longest_password=16,
        user_config_not_supported=True,
        ntp_servers=2,
        auxiliary_commands=("tt:Wiper|On", "tt:Wiper|Off"),
    )


def test_users_and_scopes_that_say_nothing_are_left_out() -> None:
    users = device.get_users().read(
        answer("<A><User><Username>a</Username><UserLevel>Operator</UserLevel></User><User/></A>")
    )
    scopes = device.get_scopes().read(
        answer("<A><Scopes><ScopeDef>Fixed</ScopeDef><ScopeItem>onvif://x</ScopeItem></Scopes><Scopes/></A>")
    )

    assert users == (User(name="a", level="Operator"),)
    assert scopes == (Scope(item="onvif://x", fixed=True),)
