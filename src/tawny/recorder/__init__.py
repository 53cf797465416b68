"""The recorder: cameras' streams into the archive. It never decodes, and answers nobody but our own gateway.

- `main` joins the parts; `commands` is ``tawny recorder``; `status` says how it is
- `cameras` keeps what people set up; `ingest` connects to cameras and cuts what they send into fragments; `archive` keeps those
- `adapters` is what we call (cameras, files, SQLite), `servers` what calls us (feed and control sockets)
"""
