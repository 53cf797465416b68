"""ONVIF's messages, for both directions: our client towards cameras, our devices towards any client.

``names`` are the namespaces, ``documents`` is the safe parser, ``elements`` reads and makes XML elements, ``soap`` is
the envelope around them (SOAP 1.2, WS-Addressing, faults), ``security`` is WS-UsernameToken, ``discovery`` is
WS-Discovery.

Then one module a service: ``device`` (and ``network``), ``media``, ``media2``, ``imaging``, ``ptz``, ``events``, ``analytics``,
``deviceio``, ``recording``, ``search``, ``replay``; ``profiles``, ``configurations``, ``encoders`` and ``osd`` hold what
both media services speak of, ``metadata`` is the stream of what a camera sees. ``answers`` is for our own devices. Each has *values* (frozen dataclasses; what a camera leaves out is None or
empty, and words that no standard knows stay as they are), *readers* that take an element, *writers* that make one in
the order of the schema, and *calls*: a request together with the reader of its answer::

    call = media.get_profiles()
    send(soap.envelope(call.body), to=address_of(call.service))
    profiles = call.read(soap.answer(received))

Readers ask for elements by local name and pass over everything else, because cameras break the schema daily. They
raise ValueError where an answer is of no use at all, and ``soap.FaultError`` where the camera refused. Nothing here
waits, connects, or knows the time but as it is given. Standards: ONVIF Core and the service specifications of 26.06.
"""
