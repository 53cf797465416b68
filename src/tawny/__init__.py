"""Tawny: an open network video recorder.

Four programs share two packages: ``recorder`` writes what cameras send, ``gateway`` reads the archive and answers for
the recorder, ``hub`` knows people and places and serves the web app, ``camera`` is a camera of our own. They never
import each other; what they share lives in ``wire`` (bytes to values, no I/O) and ``runtime`` (clock, tasks, errors).
"""
