"""What an ONVIF device of ours says: written from values, in the element order of the schema.

``access`` holds the access class of each operation and who may call it, ``login`` decides who asks (HTTP digest and
WS-UsernameToken, with a lock-out); then one module a service with the writers of its answers: ``device``, ``media``
(both media services), ``events`` (and subscriptions' filters), ``ptz``, ``deviceio``; configurations, vectors and
messages are written by the modules above this package. ``adoption`` is the text of a device's QR code. Nothing here
knows what kind of device it is, so that the camera and the recorder answer alike.
"""
