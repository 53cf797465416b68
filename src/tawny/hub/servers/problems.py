"""Every error of the API as a problem document (RFC 9457)."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from tawny.runtime.problem import Kind, Problem
from tawny.wire.link import PROBLEM_TYPE, STATUS_OF_KIND

_KIND_OF_STATUS = {
    HTTPStatus.NOT_FOUND: Kind.NOT_FOUND,
    HTTPStatus.METHOD_NOT_ALLOWED: Kind.INVALID,
}
_SENTENCES = {
    "missing": "is missing",
    "extra_forbidden": "is not known here",
    "string_too_short": "needs at least {min_length} characters",
    "string_too_long": "has more than {max_length} characters",
    "string_pattern_mismatch": "is not of the expected form",
    "timezone_aware": "needs a time zone, as in 2026-11-22T12:00:00Z",
    "datetime_from_date_parsing": "is not a moment, as in 2026-11-22T12:00:00Z",
    "datetime_parsing": "is not a moment, as in 2026-11-22T12:00:00Z",
    "enum": "must be one of {expected}",
    "literal_error": "must be one of {expected}",
    "json_invalid": "is not valid JSON",
    "model_attributes_type": "must be a JSON object, sent as application/json",
    "dict_type": "must be a JSON object",
}


def problem_document(problem: Problem) -> dict[str, Any]:
    """The document with its status, as RFC 9457 section 3.1.3 advises."""
    return problem.document() | {"status": STATUS_OF_KIND[problem.kind]}


def problem_response(problem: Problem) -> Response:
    """*problem* as an answer."""
    headers = {}
    if (wait_s := problem.extra.get("retry_after_s")) is not None:
        headers["Retry-After"] = str(wait_s)
    if problem.kind is Kind.UNAUTHENTICATED:
        headers["WWW-Authenticate"] = "Bearer"
    return JSONResponse(
        problem_document(problem), STATUS_OF_KIND[problem.kind], headers=headers, media_type=PROBLEM_TYPE
    )


def invalid_request(errors: Sequence[Mapping[str, Any]]) -> Problem:
    """One sentence for the first of pydantic's *errors*, naming the field and never repeating what was sent."""
    error = errors[0]
    field = ".".join(str(part) for part in error["loc"][1:] if part not in {"url", "trial"}) or str(error["loc"][-1])
    sentence = _SENTENCES.get(error["type"])
    said = sentence.format_map(error.get("ctx", {})) if sentence else f"is wrong: {error['msg']}"
    what = "The request's body" if field == "body" or error["type"] == "json_invalid" else f"The field “{field}”"
    return Problem(Kind.INVALID, f"{what} {said}.", field=field)


def answer_problems(app: FastAPI) -> None:
    """Make *app* answer its errors as problem documents."""

    async def on_problem(_request: Request, error: Exception) -> Response:
        assert isinstance(error, Problem)
        return problem_response(error)

    async def on_invalid(_request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        return problem_response(invalid_request(error.errors()))

    async def on_http(_request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        kind = _KIND_OF_STATUS.get(HTTPStatus(error.status_code), Kind.INVALID)
        title = "There is nothing at this address." if kind is Kind.NOT_FOUND else "The request can't be answered."
        document = problem_document(Problem(kind, title)) | {"status": error.status_code}
        return JSONResponse(document, error.status_code, headers=error.headers, media_type=PROBLEM_TYPE)

    async def on_failure(_request: Request, _error: Exception) -> Response:
        title = "Something went wrong inside Tawny."
        remedy = "Try again. If it stays, the hub's log says more."
        return JSONResponse(
            problem_document(Problem(Kind.UNAVAILABLE, title, remedy=remedy)) | {"status": 500},
            500,
            media_type=PROBLEM_TYPE,
        )

    app.add_exception_handler(Problem, on_problem)
    app.add_exception_handler(RequestValidationError, on_invalid)
    app.add_exception_handler(HTTPException, on_http)
    app.add_exception_handler(Exception, on_failure)
