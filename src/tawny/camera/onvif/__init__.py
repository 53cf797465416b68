"""Our camera as an ONVIF device: what it is, what it answers, how it is found.

``http_server`` (asyncio and h11) brings requests to ``dispatch``, which checks who asks (`wire.onvif.answers.login`,
``users``) and calls the handler that the table of operations names; ``device_service``, ``media_service``,
``media2_service``, ... make such tables. ``model`` is what they all speak of: the device's identity, its channels and
their profiles. ``discovery`` answers WS-Discovery. Standards: ONVIF Core and the service specifications of 26.06.
"""
