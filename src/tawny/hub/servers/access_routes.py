"""Set-up, sign-in, sign-out, and where a person is signed in."""

from fastapi import APIRouter, Response
from starlette.requests import HTTPConnection

from tawny.hub.access import model
from tawny.hub.access.model import SESSION_LIFETIME_US
from tawny.hub.servers.guard import token_of
from tawny.hub.servers.parts import AsPerson, FromVisitor, Front, UsesParts
from tawny.hub.servers.schema import Health, Login, Session, Sessions, SessionState, Setup, Token, User
from tawny.runtime.clock import from_utc_us

router = APIRouter(tags=["access"])


@router.get("/health")
async def read_health() -> Health:
    """Whether the hub answers."""
    return Health(status="ok")


@router.get("/session")
async def read_session(connection: HTTPConnection, parts: UsesParts) -> SessionState:
    """Who is signed in, and whether the owner must still be made."""
    token = token_of(connection, parts.front.cookie)
    found = await parts.access.signed_in(token) if token else None
    return SessionState(
        setup_required=await parts.access.setup_required(), user=User(name=found.person.name) if found else None
    )


@router.post("/setup", status_code=201)
async def set_up(body: Setup, response: Response, parts: UsesParts, visitor: FromVisitor) -> Token:
    """Make the owner with the one-time code that the first start printed, and sign them in."""
    token = await parts.access.set_up(code=body.code, user=body.user, password=body.password, visitor=visitor)
    _set_cookie(response, token, parts.front)
    return Token(token=token)


@router.post("/session", status_code=201)
async def sign_in(body: Login, response: Response, parts: UsesParts, visitor: FromVisitor) -> Token:
    """Sign in: sets the session cookie and answers the same secret for scripts."""
    token = await parts.access.sign_in(user=body.user, password=body.password, visitor=visitor)
    _set_cookie(response, token, parts.front)
    return Token(token=token)


@router.delete("/session", status_code=204)
async def sign_out(parts: UsesParts, person: AsPerson) -> Response:
    """End the session that asks; its sockets are closed."""
    await parts.access.sign_out(person.session.id, person=person.person)
    response = Response(status_code=204)
    response.delete_cookie(parts.front.cookie, secure=parts.front.https, httponly=True, samesite="strict")
    return response


@router.get("/sessions")
async def list_sessions(parts: UsesParts, person: AsPerson) -> Sessions:
    """Where the person asking is signed in, the place used last first."""
    found = await parts.access.sessions(person.person)
    return Sessions(items=[_shown(session, person) for session in found])


@router.delete("/sessions/{session}", status_code=204)
async def end_session(session: str, parts: UsesParts, person: AsPerson) -> Response:
    """Sign out another place; its sockets are closed."""
    await parts.access.sign_out(session, person=person.person)
    return Response(status_code=204)


def _shown(session: model.Session, person: model.SignedIn) -> Session:
    return Session(
        id=session.id,
        created_at=from_utc_us(session.created_us),
        last_seen_at=from_utc_us(session.seen_us),
        expires_at=from_utc_us(session.expires_us),
        user_agent=session.user_agent,
        current=session.id == person.session.id,
    )


def _set_cookie(response: Response, token: str, front: Front) -> None:
    response.set_cookie(
        front.cookie,
        token,
        max_age=SESSION_LIFETIME_US // 1_000_000,
        path="/",
        httponly=True,
        secure=front.https,
        samesite="strict",
    )
