"""Where each make hides what has to be set: a table of words, for remedies that name the menu."""

from dataclasses import dataclass

from tawny.recorder.finding.makes import make_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Menus:
    """What to tell the owner of a camera of these *makes*; what is empty is told in general words."""

    makes: tuple[str, ...]
    onvif: str = ""
    user: str = ""
    activation: str = ""
    video: str = ""
    key_frames: str = ""
    clock: str = ""
    password: str = ""


GENERAL = Menus(
    makes=(),
    onvif="Switch ONVIF on in the camera's settings (often under Network or Integration), then try again.",
    user="Many cameras need a user of their own for ONVIF: make one in the camera's settings, and log in with that.",
    activation="Set its first password here, or on the camera's own web page.",
    video="Choose H.264 in the camera's video settings.",
    key_frames="Set the key frame (I-frame) interval to 2 seconds in the camera's video settings.",
    clock="Set the camera's clock, or let it take the time from this recorder or a time server (NTP).",
    password="Choose a password of its own for this camera in its settings.",  # noqa: S106 - advice, no password
)

MENUS = (
    Menus(
        makes=("Hikvision", "HiWatch", "Annke", "EZVIZ"),
        onvif="On the camera's page: Configuration > Network > Advanced Settings > Integration Protocol, switch ONVIF on.",
        user=(
            "On the camera's page: Configuration > Network > Advanced Settings > Integration Protocol, add an ONVIF user"
            " (media user or above) and log in with that; the camera's own users do not count for ONVIF."
        ),
        activation="Activate it: set its first password on the camera's page, or with Hikvision's SADP tool.",
        video="Configuration > Video/Audio: encoding H.264, and H.264+/H.265+ off.",
        key_frames="Configuration > Video/Audio: set the I frame interval to twice the frame rate, and H.264+/H.265+ off.",
        clock="Configuration > System > System Settings > Time Settings.",
        password="Configuration > System > User Management.",  # noqa: S106 - a menu, no password
    ),
    Menus(
        makes=("Dahua", "Amcrest", "Lorex", "Imou", "EmpireTech"),
        onvif="On the camera's page: Setup > Network > Access Platform > ONVIF, switch it and its login check on.",
        user="On the camera's page: Setup > System > Account > ONVIF User, add one (or set its password) and log in with it.",
        activation="Initialize it: set its first password on the camera's page, or with Dahua's ConfigTool.",
        video="Setup > Camera > Video: encode mode H.264, and Smart Codec off.",
        key_frames="Setup > Camera > Video: set the I frame interval to twice the frame rate, and Smart Codec off.",
        clock="Setup > System > General > Date & Time.",
        password="Setup > System > Account.",  # noqa: S106 - a menu, no password
    ),
    Menus(
        makes=("Axis",),
        onvif="ONVIF works once there is an ONVIF account: System > Accounts > ONVIF accounts.",
        user="On the camera's page: System > Accounts > ONVIF accounts, add one (operator or above) and log in with it.",
        activation="Set the password of root on the camera's page, then add an ONVIF account.",
        video="Video > Stream: Zipstream's H.264, or ask for H.264 in the stream profile.",
        key_frames="Video > Stream > Encoding: GOP length of twice the frame rate, and no dynamic GOP.",
        clock="System > Date and time.",
    ),
    Menus(
        makes=("Reolink",),
        onvif="In the Reolink app: Settings > Network > Advanced > Server Settings (Port Settings), switch ONVIF and RTSP on.",
        user="Log in with the camera's own user (admin) and its password; it may not be empty.",
        activation="Set the camera up in the Reolink app first.",
        video="Settings > Stream: choose H.264 where the model lets you; many record H.265 at full size only.",
        key_frames="Settings > Stream > Clear: interframe space 1x or 2x.",
        clock="Settings > System > Date and time.",
    ),
    Menus(
        makes=("TP-Link",),
        onvif=(
            "In the Tapo app: the camera's Advanced Settings > Camera Account, make an account; newer models also want"
            " Me > Tapo Lab > Third-Party Compatibility on."
        ),
        user="In the Tapo app: Advanced Settings > Camera Account. Log in with that account, not with your TP-Link ID.",
        activation="Set the camera up in the Tapo app first.",
        clock="The Tapo app sets it with its time zone.",
        password="Change it in the Tapo app: Advanced Settings > Camera Account.",  # noqa: S106 - a menu, no password
    ),
    Menus(
        makes=("Uniview", "Alhua"),
        onvif="On the camera's page: Setup > Network > ONVIF (older: Protocol), switch it on.",
        user="Log in with the camera's own user; an easy password is refused over the network: choose a strong one.",
        activation="Set its first password on the camera's page, or with EZTools.",
        video="Setup > Video & Audio > Video: compression H.264, U-Code off.",
        key_frames="Setup > Video & Audio > Video: I frame interval of twice the frame rate, U-Code off.",
        clock="Setup > Common > Time.",
    ),
    Menus(
        makes=("Hanwha",),
        onvif="ONVIF is always on; after a reset the camera waits for its first password.",
        user="Log in with the camera's own user, or add one under Basic > User with the ONVIF group.",
        activation="Set its first password on the camera's page, or with Wisenet Device Manager.",
        video="Basic > Video profile: codec H.264, WiseStream off.",
        key_frames="Basic > Video profile: GOP length of twice the frame rate, dynamic GOP off.",
        clock="Basic > Date & Time.",
    ),
    Menus(
        makes=("Foscam",),
        onvif="On the camera's page: Settings > Network > IP Configuration or Port: switch ONVIF on (its port is often 888).",
        user="Log in with the camera's own user; where none was set it is admin without a password: set one first.",
        activation="Log in on the camera's page as admin without a password, and set one.",
        video="Settings > Video > Video Settings: stream type H.264.",
        key_frames="Settings > Video > Video Settings: key frame interval of twice the frame rate.",
        clock="Settings > Basic Settings > Camera Time.",
    ),
    Menus(
        makes=("Anpviz",),
        onvif="On the camera's page: Configuration > Network > Integration Protocol (or Platform Access), switch ONVIF on.",
        user="Make an ONVIF user on the same page, or log in with the camera's own user where there is no such list.",
        activation="Set its first password on the camera's page.",
        key_frames="Configuration > Video: I frame interval of twice the frame rate, smart codecs off.",
    ),
    Menus(
        makes=("Ajax",),
        onvif="In the Ajax app: the camera's settings > Third-party integration, switch ONVIF on.",
        user="In the Ajax app: the camera's settings > Third-party integration, choose user and password.",
        activation="Add the camera in the Ajax app first.",
    ),
    Menus(
        makes=("Bosch",),
        user="Log in as service or with a user made under Configuration > General > Password (User Management).",
        activation="Set the password of service on the camera's page.",
        key_frames="Configuration > Camera > Encoder Profile: I-frame distance of twice the frame rate.",
    ),
    Menus(
        makes=("Vivotek",),
        onvif="On the camera's page: Configuration > Network > Streaming protocols, switch RTSP and ONVIF on.",
        activation="Set the password of root on the camera's page.",
        key_frames="Configuration > Media > Video: intra frame period of 2 seconds, dynamic intra frame off.",
    ),
    Menus(
        makes=("Panasonic", "i-PRO", "Sony"),
        activation="Register its first administrator on the camera's page.",
        user="Log in with a user of the camera's own, made on its page under User management.",
    ),
    Menus(
        makes=("Ubiquiti",),
        onvif="UniFi cameras speak no ONVIF: share the stream in UniFi Protect and enter its rtsps:// address.",
    ),
)


def menus_of(said: str) -> Menus:
    """Those of the make that *said* names; general words where it is none of the table."""
    make = make_of(said)
    return next((menus for menus in MENUS if make in menus.makes), GENERAL)


def advice(said: str, about: str) -> str:
    """What to tell the owner of a camera that calls its make *said* about one of the members of `Menus`."""
    return str(getattr(menus_of(said), about) or getattr(GENERAL, about))
