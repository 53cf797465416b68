"""How many logins a camera may refuse: one count for whatever logs in to it, over ONVIF and RTSP alike."""

MOST_TRIES = 2  # cameras lock out after five to seven; others may be trying too


class Tries:
    """The wrong logins that one camera may still be sent.

    Invariants: no login goes out when *left* is 0; one that was refused is never sent that way again until `allow`.
    *reserved* of them are for other logins than the first: nobody tries a second way of logging in at their cost.
    Streams connect on threads of their own, so each method is one step on *_refused*, which only grows.
    """

    def __init__(self, left: int = MOST_TRIES, *, reserved: int = 0) -> None:
        self.reserved = reserved
        self._most = left
        self._refused: list[tuple[str, str, str]] = []

    @property
    def left(self) -> int:
        """How many more may be refused."""
        return max(0, self._most - len(self._refused))

    @property
    def spare(self) -> bool:
        """Whether one of them is for another way with the same login."""
        return self.left > self.reserved

    def may(self, user: str, password: str, way: str) -> bool:
        """Whether to send that login; *way* is one of the ways in which a camera may want it."""
        return self.left > 0 and (user, password, way) not in self._refused

    def refused(self, user: str, password: str, way: str) -> None:
        """The camera refused that login."""
        self._refused.append((user, password, way))

    def allow(self) -> None:
        """A person insists: begin anew."""
        self._most = MOST_TRIES
        self._refused = []
