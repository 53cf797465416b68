"""Cameras as ONVIF devices: reached, logged in to, known again.

``model`` has the values and the ports, ``troubles`` what can go wrong, in words. ``negotiation`` decides how to log in
(it does no I/O), ``client`` is a device that was reached, over the transport that an adapter gives
(``adapters/onvif_http``); ``opening`` reaches one: clock first, then services, then who it is. ``keeping`` holds one
client for each camera that was added, keeps what was learned of it, and notices when another device answers in its
place. Messages are those of ``wire.onvif``; standard: ONVIF Core 26.06.
"""
