"""Cameras as ONVIF devices: reached, logged in to, known again.

``model`` has the values and the ports, ``addresses`` where devices answer, ``troubles`` what can go wrong, in words. An
adapter (``adapters/onvif_http``) carries messages (``exchange``); ``refusals`` reads what an answer amounts to,
``negotiation`` decides how to log in; neither does I/O. ``asking`` puts these together for one question, ``client`` is a
device that was reached, ``uris`` keeps it to the host that was reached, ``media_services`` tells by which of its media
services it is asked; ``opening`` reaches one: clock first, then services, then who it is. ``holding`` looks after one
device, ``keeping`` after those of all cameras that were added: it keeps what was learned, and notices when another device
answers in a camera's place. Messages are those of ``wire.onvif``; standard: ONVIF Core 26.06.
"""
