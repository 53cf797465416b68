"""Who may come in: people, their passwords, their sessions, and the one-time code that makes the first of them.

``model`` are the values, ``decisions`` the rules (pure), ``throttle`` counts guesses, ``ports`` is what we need from
outside, ``service`` the use cases.
"""
