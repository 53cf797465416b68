"""Our camera as an ONVIF device: what it is, what it answers, how it is found.

``http_server`` (asyncio and h11) brings requests to ``dispatch``, which checks who asks (`wire.onvif.answers.login`,
``users``) and calls the handler that the table of operations names. The tables: ``device_service``, ``media_service``
(Media and Media2, with ``encoders``, ``profile_operations``, ``osd_operations`` and ``mask_operations``),
``event_service``, ``ptz_service``, ``imaging_service``, ``deviceio_service``, ``relays``, ``system_service`` (clock,
scopes, starting anew); ``device`` puts them together, ``main`` makes the devices of a program and their invitations.

``model`` is what they speak of: identity, channels; ``catalogue`` has their profiles, and those that clients make.
``actors`` knows who is where in the drawn scenes, ``happenings`` tells it (``notifications`` holds properties and
pull points, ``consumers`` brings messages to who wants that; the metadata track goes over RTSP). ``head`` is where a
channel looks, ``views`` draws that from its clip, encoded as was set, with texts by ``lettering``, masks by ``veils``
and the relays' ``lamps``. ``device_clock`` and ``scopes`` are what can be set, ``certificate`` is the device's own,
``discovery`` answers WS-Discovery, ``snapshots`` are JPEGs. Standards: ONVIF Core and the services' specifications.
"""
