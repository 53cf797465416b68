"""What cameras notice, and what the recorder notices of them: told by cameras, kept in a log, sent to those who watch.

``subscriptions`` keeps one ``listening`` a device, over a ``subscription`` (a pull point, or Notify where only that
works), and hands each message to the cameras whose ``channels`` it is about. ``kinds`` reads what it means, ``timing``
says when it happened, ``tracking`` (one a camera) turns states into beginnings and ends, ``log`` keeps and tells them.
``outages`` adds what the recorder itself sees: a camera that sends no pictures.

ONVIF Core Specification, 9 (events), WS-BaseNotification 1.3.
"""
