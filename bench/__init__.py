"""Benchmarks: one file a figure, each prints one JSON object on its last line; the peer runs in the same call.

`tawny bench list` names them; `docs/reference/benchmarks.md` says what each value is.
"""
