"""Makes, as devices hint at them: by a word in what they say, or by who their hardware address was given to.

For people to recognise their cameras in a list, and to be told of the right menus; nothing else is decided by it.
"""

import re

# The first three octets of addresses that the IEEE gave to makers of cameras: their oldest and most common ones.
_BY_PREFIX = {
    "Axis": "00:40:8c ac:cc:8e b8:a4:4f e8:27:25",
    "Hikvision": "28:57:be 44:19:b6 4c:bd:8f 54:c4:15 bc:ad:28 c0:56:e3 c4:2f:90 a4:14:37 18:68:cb 94:e1:ac",
    "Dahua": "3c:ef:8c 4c:11:bf 90:02:a9 e0:50:8b 14:a7:8b 38:af:29 9c:14:63 a0:bd:1d bc:32:5f",
    "Amcrest": "9c:8e:cd a0:60:32",
    "Reolink": "ec:71:db",
    "Uniview": "48:ea:63 6c:f1:7e c4:79:05",
    "Hanwha": "00:09:18 00:16:6c e4:30:22",
    "Bosch": "00:07:5f 00:04:63",
    "Vivotek": "00:02:d1",
    "Mobotix": "00:03:c5",
    "Foscam": "c0:6d:1a 00:62:6e e8:ab:fa",
}
_MAKE_OF = {prefix: make for make, prefixes in _BY_PREFIX.items() for prefix in prefixes.split()}

_WORDS = {
    "ajax": "Ajax",
    "alhua": "Alhua",
    "amcrest": "Amcrest",
    "annke": "Annke",
    "anpviz": "Anpviz",
    "avigilon": "Avigilon",
    "axis": "Axis",
    "bosch": "Bosch",
    "dahua": "Dahua",
    "empiretech": "EmpireTech",
    "ezviz": "EZVIZ",
    "foscam": "Foscam",
    "hanwha": "Hanwha",
    "hikvision": "Hikvision",
    "hiwatch": "HiWatch",
    "i-pro": "i-PRO",
    "imou": "Imou",
    "lorex": "Lorex",
    "mobotix": "Mobotix",
    "panasonic": "Panasonic",
    "pelco": "Pelco",
    "reolink": "Reolink",
    "samsung": "Hanwha",
    "sony": "Sony",
    "tapo": "TP-Link",
    "tawny": "Tawny",
    "tp-link": "TP-Link",
    "ubiquiti": "Ubiquiti",
    "unifi": "Ubiquiti",
    "uniview": "Uniview",
    "unv": "Uniview",
    "vigi": "TP-Link",
    "vivotek": "Vivotek",
    "wisenet": "Hanwha",
}


def make_of(*texts: str, mac: str = "") -> str:
    """The make that one of *texts* (a name, a server's header) or *mac* hints at; empty where none does."""
    for text in texts:
        for word in re.findall(r"[a-z][a-z-]+", text.lower()):
            if make := _WORDS.get(word):
                return make
    return _MAKE_OF.get(mac[:8], "")
