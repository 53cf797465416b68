"""``tawny run`` and ``tawny demo``: our programs as children of one, on one data directory.

`processes` keeps children alive, `child` is what each starts as (it ends with us), `installation` is one data directory
with its programs, `api` speaks to the hub, `login` makes and writes logins, `demo` adds the camera that shows our scenes.
"""
