"""What calls the hub.

``link``: the recorder's gateway dials in, and is then asked over HTTP/2 (``http2`` does the protocol). ``app`` puts
together what browsers and scripts meet on one port: ``guard`` (host names, origins, who is signed in) in front of
``access_routes``, ``recorder_routes``, ``media_socket``, ``events_socket``, ``install`` and ``static``. ``schema`` and
``messages`` are the values of the API, ``problems`` its errors, ``live`` and ``playback`` feed the media socket, ``changes``
the events socket.
"""
