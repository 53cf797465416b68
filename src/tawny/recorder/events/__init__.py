"""What cameras notice, and what the recorder notices of them: told by cameras, kept in a log, sent to those who watch.

``subscriptions`` keeps one subscription a device (``pull_point``, or ``notified`` where only Notify works) and hands each
message on. ``kinds`` reads what it means, ``tracking`` (one a camera) turns states into beginnings and ends, ``timing``
says when, ``log`` keeps and tells. ``states`` adds what the recorder itself sees: a camera lost, found again, another
device in its place.

ONVIF Core Specification, 9 (events), ONVIF Event Service, WS-BaseNotification 1.3.
"""
