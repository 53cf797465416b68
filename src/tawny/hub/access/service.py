"""The use cases of access: set up, sign in, be recognised, sign out."""

import secrets
from collections.abc import Callable, Sequence

from tawny.hub.access import decisions, throttle
from tawny.hub.access.model import Person, Session, SignedIn, Visitor
from tawny.hub.access.ports import Passwords, Store
from tawny.hub.access.throttle import Rate, Throttle
from tawny.runtime.clock import Clock
from tawny.runtime.ids import new_id
from tawny.runtime.problem import Kind, Problem

_MAX_USER_AGENT = 200
Random = Callable[[int], bytes]


class Access:
    """Who may come in.

    Invariants: at most one person becomes owner by a set-up code; a session's secret is never stored; after a session
    has ended through this object, `ended` has been called with its id.
    """

    def __init__(
        self,
        *,
        store: Store,
        passwords: Passwords,
        clock: Clock,
        random_bytes: Random = secrets.token_bytes,
        owner_made: Callable[[], None] = lambda: None,
    ) -> None:
        self._store = store
        self._passwords = passwords
        self._clock = clock
        self._random = random_bytes
        self._owner_made = owner_made
        self._throttle = Throttle(clock)
        self._watchers: set[Callable[[str], None]] = set()

    async def setup_required(self) -> bool:
        return await self._store.owner() is None

    async def new_setup_code(self) -> str:
        """A fresh set-up code; earlier ones are worth nothing from now on."""
        code = decisions.code_from(self._random(8))
        await self._store.set_setup_code_hash(await self._passwords.hash(decisions.code_key(code)))
        return code

    async def setup_code_valid(self, code: str) -> bool:
        """Whether *code* would make the owner."""
        kept = await self._store.setup_code_hash()
        return kept is not None and await self._passwords.verify(decisions.code_key(code), kept)

    async def set_up(self, *, code: str, user: str, password: str, visitor: Visitor) -> str:
        """Make the owner and sign them in; the session's secret."""
        if not await self.setup_required():
            raise Problem(Kind.CONFLICT, "The owner has been set up already.", remedy="Sign in instead.")
        name = decisions.check_name(user)
        decisions.check_new_password(password)
        buckets = (_bucket("setup", decisions.neighbourhood(visitor.address)), ("setup", throttle.SETUP))
        self._take(buckets)
        if not await self.setup_code_valid(code):
            raise Problem(
                Kind.FORBIDDEN,
                "That is not the set-up code.",
                remedy="It stands in the log of the first start and in the file run/setup-code of the data directory.",
                field="code",
            )
        self._throttle.give_back(*buckets)
        person = await self._new_person(name, password)
        if not await self._store.add_owner(person):
            raise Problem(Kind.CONFLICT, "The owner has been set up already.", remedy="Sign in instead.")
        self._owner_made()
        return await self._open_session(person, visitor)

    async def reset_owner(self, *, user: str, password: str) -> None:
        """Make the owner, or give them this name and password and end their sessions."""
        name = decisions.check_name(user)
        decisions.check_new_password(password)
        person = await self._new_person(name, password)
        if await self._store.add_owner(person):
            self._owner_made()
            return
        owner = await self._store.owner()
        assert owner is not None
        ended = await self._store.sessions_of(owner.id)
        await self._store.rename(owner.id, name)
        await self._store.set_password(owner.id, person.password_hash)
        for session in ended:
            self._tell(session.id)

    async def sign_in(self, *, user: str, password: str, visitor: Visitor) -> str:
        """The secret of a new session; Problem(UNAUTHENTICATED) alike for a wrong name and a wrong password."""
        person = await self._store.person_named(user)
        buckets = await self._buckets(user, person, visitor)
        self._take(buckets)
        right = await self._passwords.verify(password, person.password_hash if person else None)
        if person is None or not right:
            raise Problem(Kind.UNAUTHENTICATED, "The user name or the password is wrong.")
        self._throttle.give_back(*buckets)
        await self._store.end_expired(now_us=self._clock.utc_us())
        return await self._open_session(person, visitor)

    async def confirm(self, who: SignedIn, password: str | None) -> None:
        """Return where *password* is theirs: asked again before what destroys. Problem(FORBIDDEN) where it is not."""
        if not password:
            raise Problem(
                Kind.FORBIDDEN, "This needs your password.", remedy="Type it and try again.", field="password"
            )
        bucket = (f"known {who.person.id} {who.session.id}", throttle.PER_KNOWN)
        self._take((bucket,))
        if not await self._passwords.verify(password, who.person.password_hash):
            raise Problem(Kind.FORBIDDEN, "The password is wrong.", field="password")
        self._throttle.give_back(bucket)

    async def signed_in(self, token: str) -> SignedIn | None:
        """Who holds that secret; using it keeps the session alive."""
        session = await self._store.session_by_token(decisions.token_hash(token))
        now_us = self._clock.utc_us()
        if session is None or decisions.expired(session, now_us=now_us):
            return None
        person = await self._store.person(session.person)
        if person is None:
            return None
        if decisions.touch_due(session, now_us=now_us):
            await self._store.touch(session.id, seen_us=now_us, expires_us=decisions.expiry(now_us))
        return SignedIn(person=person, session=session)

    async def still_valid(self, session: Session) -> bool:
        """Whether *session* has neither ended nor expired since."""
        kept = await self._store.session_by_token(session.token_hash)
        return kept is not None and not decisions.expired(kept, now_us=self._clock.utc_us())

    async def sessions(self, person: Person) -> Sequence[Session]:
        """Where *person* is signed in, the place used last first."""
        now_us = self._clock.utc_us()
        return [s for s in await self._store.sessions_of(person.id) if not decisions.expired(s, now_us=now_us)]

    async def sign_out(self, session: str, *, person: Person) -> None:
        """End one of *person*'s sessions."""
        if not await self._store.end_session(session, person=person.id):
            raise Problem(Kind.NOT_FOUND, "There is no such session.")
        self._tell(session)

    def watch(self, ended: Callable[[str], None]) -> Callable[[], None]:
        """Call *ended* with the id of each session that ends here, until the function returned is called."""
        self._watchers.add(ended)
        return lambda: self._watchers.discard(ended)

    def _tell(self, session: str) -> None:
        for ended in list(self._watchers):
            ended(session)

    async def _new_person(self, name: str, password: str) -> Person:
        password_hash = await self._passwords.hash(password)
        return Person(id=new_id("per"), name=name, password_hash=password_hash, created_us=self._clock.utc_us())

    async def _open_session(self, person: Person, visitor: Visitor) -> str:
        token = self._random(32).hex()
        now_us = self._clock.utc_us()
        await self._store.add_session(
            Session(
                id=new_id("ses"),
                token_hash=decisions.token_hash(token),
                person=person.id,
                created_us=now_us,
                seen_us=now_us,
                expires_us=decisions.expiry(now_us),
                user_agent="".join(c for c in visitor.user_agent if c.isprintable())[:_MAX_USER_AGENT],
                address=visitor.address,
            )
        )
        return token

    async def _buckets(self, user: str, person: Person | None, visitor: Visitor) -> tuple[tuple[str, Rate], ...]:
        near = decisions.neighbourhood(visitor.address)
        if person is not None and (place := await self._known_place(person, visitor, near)):
            return ((f"known {person.id} {place}", throttle.PER_KNOWN),)
        return _bucket("address", near), (f"name {decisions.name_key(user)}", throttle.PER_NAME)

    async def _known_place(self, person: Person, visitor: Visitor, near: str) -> str | None:
        """The session or neighbourhood by which we know that *person* has been here before."""
        held = decisions.token_hash(visitor.token) if visitor.token else None
        sessions = await self._store.sessions_of(person.id)
        for session in sessions:
            if session.token_hash == held:
                return session.id
        return near if any(decisions.neighbourhood(s.address) == near for s in sessions) else None

    def _take(self, buckets: tuple[tuple[str, Rate], ...]) -> None:
        wait_s = self._throttle.take(*buckets)
        if wait_s > 0:
            seconds = int(wait_s) + 1
            raise Problem(
                Kind.TOO_MANY,
                f"Too many attempts. Try again in {seconds} {'second' if seconds == 1 else 'seconds'}.",
                retry_after_s=seconds,
            )


def _bucket(what: str, near: str) -> tuple[str, Rate]:
    return f"{what} {near}", throttle.PER_ADDRESS
