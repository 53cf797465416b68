"""Links to exports for people without a login: who has a link's secret, and its password where there is one, may fetch.

``model`` are the values, ``decisions`` the rules (pure), ``ports`` is the store, ``service`` the use cases. The secret stands
in the link behind ``#``, so that browsers never send it in an address, and no log of any server holds it.
"""
