import pytest

from tawny.camera.onvif.users import User
from tawny.wire.onvif import network
from tawny.wire.onvif.elements import Element, children, make, text, texts
from tawny.wire.onvif.soap import FaultError
from tests.camera.onvif.staged import ADMIN, VIEWER, source, staged


def user(name: str, password: str | None = "pw", level: str = "Operator") -> Element:
    secret = None if password is None else make("tt:Password", password)
    return make("tds:User", make("tt:Username", name), secret, make("tt:UserLevel", level))


async def test_a_user_who_is_created_can_log_in_and_be_changed_and_deleted() -> None:
    async with staged() as camera:
        await camera.ask(make("tds:CreateUsers", user("eve")))
        eve = User(name="eve", level=VIEWER.level, password="pw")
        await camera.ask(make("tds:GetScopes"), who=eve)
        await camera.ask(make("tds:SetUser", user("eve", None, "User")))
        listed = await camera.ask(make("tds:GetUsers"))
        await camera.ask(make("tds:DeleteUsers", make("tds:Username", "eve")))

        assert "eve" not in camera.users

    assert [(text(u, "Username"), text(u, "UserLevel")) for u in children(listed, "User")][-1] == ("eve", "User")
    assert all(text(u, "Password") is None for u in children(listed, "User"))


@pytest.mark.parametrize(
    ("body", "subcode"),
    [
        (make("tds:CreateUsers", user("root")), "UsernameClash"),
        (make("tds:CreateUsers", user("a"), user("a")), "UsernameClash"),
        (make("tds:CreateUsers", *(user(f"u{n}") for n in range(20))), "MaxUsers"),
        (make("tds:CreateUsers", user("x" * 65)), "UsernameTooLong"),
        (make("tds:CreateUsers", user("x", "y" * 129)), "PasswordTooLong"),
        (make("tds:CreateUsers", user("x", None)), "PasswordTooWeak"),
        (make("tds:CreateUsers", user("x", level="King")), "InvalidUserLevel"),
        (make("tds:SetUser", user("nobody")), "UsernameMissing"),
        (make("tds:SetUser", user("root", "new", "User")), "FixedUser"),
        (make("tds:DeleteUsers", make("tds:Username", "nobody")), "UsernameMissing"),
        (make("tds:DeleteUsers", make("tds:Username", "root")), "FixedUser"),
    ],
)
async def test_a_change_of_users_that_cannot_be_is_refused_and_changes_nothing(body: Element, subcode: str) -> None:
    async with staged() as camera:
        before = camera.users.listed()

        with pytest.raises(FaultError) as refused:
            await camera.ask(body)

        assert camera.users.listed() == before
    assert refused.value.fault.names(subcode)


async def test_services_and_capabilities_name_the_same_addresses() -> None:
    async with staged() as camera:
        services = await camera.ask(make("tds:GetServices", make("tds:IncludeCapability", "true")), who=None)
        capabilities = await camera.ask(make("tds:GetCapabilities"), who=None)

    by_name = {text(s, "Namespace"): text(s, "XAddr") for s in children(services, "Service")}
    assert text(capabilities, "Capabilities/Media/XAddr") == by_name["http://www.onvif.org/ver10/media/wsdl"]
    assert text(capabilities, "Capabilities/Device/XAddr") == by_name["http://www.onvif.org/ver10/device/wsdl"]


async def test_one_category_is_told_alone_and_an_unknown_one_is_refused() -> None:
    async with staged() as camera:
        media = await camera.ask(make("tds:GetCapabilities", make("tds:Category", "Media")))
        with pytest.raises(FaultError, match="no service Toaster"):
            await camera.ask(make("tds:GetCapabilities", make("tds:Category", "Toaster")))

    assert [child.tag.rpartition("}")[2] for child in media[0]] == ["Media"]


async def test_two_places_in_one_device_are_counted_alike_everywhere() -> None:
    async with staged([source("gate"), source("yard", sound=False)]) as camera:
        capabilities = await camera.ask(make("tds:GetCapabilities"))
        sources = await camera.ask(make("trt:GetVideoSources"))
        profiles = await camera.ask(make("trt:GetProfiles"))

    assert text(capabilities, "Capabilities/Extension/DeviceIO/VideoSources") == "2"
    assert [text(s, "@token") for s in children(sources, "VideoSources")] == ["gate", "yard"]
    assert len({text(p, "VideoSourceConfiguration/SourceToken") for p in children(profiles, "Profiles")}) == 2


async def test_the_scopes_name_the_device() -> None:
    async with staged() as camera:
        scopes = await camera.ask(make("tds:GetScopes"), who=ADMIN)

    assert "onvif://www.onvif.org/name/Tawny%20gate" in [text(s, "ScopeItem") for s in children(scopes, "Scopes")]
    assert texts(scopes, "Scopes/ScopeDef")


async def test_the_name_in_the_network_is_set_and_told_and_has_only_what_names_have() -> None:
    async with staged() as camera:
        await camera.ask(network.set_hostname("north-gate").body)
        call = network.get_hostname()
        told = call.read(await camera.ask(call.body, who=None))
        with pytest.raises(FaultError) as refused:
            await camera.ask(network.set_hostname("north gate").body)

    assert told == "north-gate"
    assert refused.value.fault.names("InvalidHostname")
