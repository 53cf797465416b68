"""The hub's one web application: the API, its sockets, and the web app's files, behind the guard."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import TypeAdapter
from starlette.types import ASGIApp

from tawny.hub.servers import (
    access_routes,
    adding_routes,
    camera_routes,
    event_routes,
    events_socket,
    evidence_routes,
    export_routes,
    footage_routes,
    install,
    media_socket,
    recorder_routes,
    share_routes,
    static,
    storage_routes,
)
from tawny.hub.servers.adding_schema import AddCamera
from tawny.hub.servers.guard import Guard
from tawny.hub.servers.messages import SOCKET_MESSAGES
from tawny.hub.servers.parts import Parts
from tawny.hub.servers.problems import answer_problems
from tawny.hub.servers.schema import Problem
from tawny.wire.link import PROBLEM_TYPE

V1 = "/api/v1"
_DESCRIPTION = (
    'Lists come as `{"items": [...]}`, times as RFC 3339 in UTC, errors as problem documents (RFC 9457). '
    "Sign in with `POST /api/v1/session`; scripts send its token as `Authorization: Bearer`."
)


def routes() -> FastAPI:
    """The application with all its routes; it needs `state.parts` before it can answer."""
    app = FastAPI(
        title="Tawny",
        version="1",
        openapi_url="/api/openapi.json",
        docs_url=None,  # its page loads scripts from elsewhere
        redoc_url=None,
        separate_input_output_schemas=False,
    )
    answer_problems(app)
    for router in (
        access_routes.router,
        recorder_routes.router,
        adding_routes.router,
        camera_routes.router,
        event_routes.router,
        footage_routes.router,
        storage_routes.router,
        evidence_routes.router,
        export_routes.router,
        share_routes.router,
        media_socket.router,
        events_socket.router,
    ):
        app.include_router(router, prefix=V1)
    app.include_router(install.router)
    app.include_router(static.router)
    app.openapi = lambda: _document(app)  # type: ignore[method-assign]  # FastAPI's own way to give the document
    return app


def application(parts: Parts) -> ASGIApp:
    """What the web server serves."""
    app = routes()
    app.state.parts = parts
    return Guard(app, parts)


def _document(app: FastAPI) -> dict[str, Any]:
    if app.openapi_schema is None:
        document = get_openapi(title=app.title, version=app.version, description=_DESCRIPTION, routes=app.routes)
        _name_problems(document)
        _add_socket_messages(document)
        app.openapi_schema = document
    return app.openapi_schema


def _name_problems(document: dict[str, Any]) -> None:
    """State what errors look like once, in place of FastAPI's own form."""
    schemas = document["components"]["schemas"]
    schemas.pop("HTTPValidationError", None)
    schemas.pop("ValidationError", None)
    schemas["Problem"] = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    content = {PROBLEM_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for path in document["paths"].values():
        for operation in path.values():
            operation["responses"].pop("422", None)
            operation["responses"]["default"] = {"description": "A problem", "content": content}


def _add_socket_messages(document: dict[str, Any]) -> None:
    """OpenAPI has no word for sockets: their messages stand among the schemas, as do other unions that have a name."""
    named = {**SOCKET_MESSAGES, "AddCamera": TypeAdapter(AddCamera)}
    schemas, definitions = TypeAdapter.json_schemas(
        [(name, "validation", adapter) for name, adapter in named.items()],
        ref_template="#/components/schemas/{model}",
    )
    document["components"]["schemas"] |= definitions["$defs"]
    document["components"]["schemas"] |= {name: schema for (name, _), schema in schemas.items()}
