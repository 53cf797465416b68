"""The cameras a person has added, and what may be said about one.

``model`` holds the values and the port to where they are kept; ``requests`` reads what a person typed into them, or says
what is wrong with it; ``service`` keeps, changes and forgets cameras and tells ingest and the ONVIF side (``ports``).
``likeness`` says whether a camera that was met is one of them, ``moving`` what changes when one has another address,
``removed`` which removed ones have footage left.
"""
