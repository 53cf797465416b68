"""The hub: people, their sessions, and the way from a browser to the recorder.

``access`` decides who may come in; ``adapters`` keeps people in SQLite, hashes passwords and makes certificates;
``servers`` is what calls us: ``link`` (the recorder's gateway dials in, we then ask it), ``app`` with its routes (the
HTTP API), ``media_socket`` and ``events_socket`` (WebSockets), ``guard`` (the browser defences and the one door that
every request passes), ``static`` and ``install`` (the web app and the page that makes a phone trust us).
``schema`` and ``messages`` in ``servers`` are the values of the API; OpenAPI and the web app's types come from them.
``main`` joins it all, ``commands`` is the command line.
"""
