"""What calls the recorder: ``feed`` gives live media away, ``control`` answers requests and tells what changes.

Both listen on Unix sockets that only this user may open; ``methods`` is the table of what may be asked.
"""
