"""Steering cameras live through ONVIF: heads, lenses, relays; and speaking through them by RTSP's backchannel.

``model`` is what a person sees. ``facts`` is what a device can be made to do, read once for each connection; ``head``
translates between our coordinates and the camera's; ``reports`` says where things stand. ``moves`` has movements end by
themselves. ``service`` joins these; ``talks`` has the loudspeakers. ``methods`` is the table for the control socket, with
the settings of ``camera_settings`` in it.
"""
