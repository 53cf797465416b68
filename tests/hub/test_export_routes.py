"""Exports through the hub, and the links that share them, over real sockets."""

from typing import Any

import pytest

from tawny.hub.servers.export_routes import REPORT_POLICY
from tawny.runtime.clock import SimulatedClock
from tawny.runtime.problem import Kind, Problem
from tests.fakes.gateway import Exchange
from tests.hub.running import Running, running_hub

RANGE = {
    "camera": "cam_a",
    "stream": "sub",
    "from": "2026-11-22T12:00:00Z",
    "to": "2026-11-22T12:15:00Z",
    "audio": False,
}
FILE = {
    "number": 1,
    "name": "01-gate-main-20261122T120000Z.mp4",
    "camera": "cam_a",
    "stream": "main",
    "from": "2026-11-22T12:00:00Z",
    "to": "2026-11-22T12:15:00Z",
    "bytes": 10,
    "sha256": "0" * 64,
    "derived": False,
}
EXPORT: dict[str, Any] = {
    "id": "exp_a",
    "name": "Theft",
    "by": "mara",
    "made_at": "2026-11-22T12:20:00Z",
    "state": "done",
    "step": "",
    "progress": 1.0,
    "bytes": 10,
    "bytes_done": 10,
    "title": "",
    "remedy": "",
    "items": [RANGE],
    "case": None,
    "hold": None,
    "drive": None,
    "files": [FILE],
    "zip_bytes": 30,
    "zip_sha256": "1" * 64,
    "expires_at": "2026-11-29T12:20:00Z",
}
LATER = {"expires_at": "2026-11-25T12:00:00Z"}


async def movie(exchange: Exchange) -> None:
    """Answer as the gateway does: a part where one is asked for."""
    data = b"0123456789"
    name = 'attachment; filename="x.mp4"'
    if exchange.headers.get("range") == "bytes=3-5":
        exchange.begin(206, content_type="video/mp4", content_range="bytes 3-5/10", content_length="3")
        await exchange.send(data[3:6])
    else:
        exchange.begin(content_type="video/mp4", content_length="10", content_disposition=name, etag='"abc"')
        await exchange.send(data)
    exchange.end()


async def shared(running: Running, **members: Any) -> str:
    """The secret of a new link to an export that is done."""
    running.gateway.on_json("GET", "/exports/exp_a", EXPORT)
    answer = await running.client.post("/api/v1/exports/exp_a/shares", json=LATER | members)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["url"]).partition("#")[2]


async def test_each_route_asks_the_recorder_for_what_it_names() -> None:
    async with running_hub() as running:
        for method, path, status in (
            ("GET", "/exports", 200),
            ("GET", "/exports/exp_a", 200),
            ("DELETE", "/exports/exp_a", 204),
        ):
            running.gateway.on_json(method, path, {"id": "x"})

            answer = await running.client.request(method, f"/api/v1{path}")

            assert answer.status_code == status
            assert (running.gateway.asked[-1].method, running.gateway.asked[-1].path) == (method, path)


async def test_an_order_goes_to_the_recorder_in_utc_with_the_name_of_who_gave_it() -> None:
    async with running_hub() as running:
        running.gateway.on_json("POST", "/exports", EXPORT, 201)
        running.gateway.on_json("POST", "/exports/estimate", {"bytes": 1})
        given = {
            "items": [RANGE | {"from": "2026-11-22T13:00:00+01:00"}],
            "name": "Theft",
            "compatible": True,
            "hold": {"why": "police", "until": "2027-01-01T00:00:00Z"},
            "case": {"number": "7", "reason": "Theft", "officer": "N. N."},
        }

        made = await running.client.post("/api/v1/exports", json=given)
        estimated = await running.client.post("/api/v1/exports/estimate", json=given)

        assert (made.status_code, made.json()) == (201, EXPORT)
        assert (estimated.status_code, estimated.json()) == (200, {"bytes": 1})
        wanted = {**given, "items": [RANGE], "by": "mara"}
        assert (await running.gateway.exchange("/exports")).json == wanted
        assert (await running.gateway.exchange("/exports/estimate")).json == wanted


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"items": []}, "items"),
        ({"items": [RANGE], "by": "somebody else"}, "by"),
        ({"items": [RANGE | {"camera": "../x"}]}, "items.0.camera"),
        ({"items": [RANGE | {"from": "2026-11-22T13:00:00"}]}, "items.0.from"),
        ({"items": [RANGE], "hold": {"why": ""}}, "hold.why"),
    ],
)
async def test_a_mistake_is_told_without_asking_the_recorder(body: dict[str, Any], field: str) -> None:
    async with running_hub() as running:
        answer = await running.client.post("/api/v1/exports", json=body)

        assert (answer.status_code, answer.json()["field"]) == (400, field)
        assert [asked.path for asked in running.gateway.asked] == ["/changes"]


async def test_files_pass_through_whole_and_by_range() -> None:
    async with running_hub() as running:
        running.gateway.on("GET", "/exports/exp_a/files/1", movie)
        path = "/api/v1/exports/exp_a/files/1"

        whole = await running.client.get(path)
        part = await running.client.get(path, headers={"Range": "bytes=3-5"})

        assert (whole.status_code, whole.content, whole.headers["etag"]) == (200, b"0123456789", '"abc"')
        assert whole.headers["content-disposition"] == 'attachment; filename="x.mp4"'
        assert (part.status_code, part.content) == (206, b"345")
        assert (part.headers["content-range"], part.headers["content-length"]) == ("bytes 3-5/10", "3")


async def test_a_report_may_bring_its_style_and_nothing_else() -> None:
    async with running_hub() as running:

        async def report(exchange: Exchange) -> None:
            exchange.begin(content_type="text/html; charset=utf-8")
            await exchange.send(b"<!doctype html><style>p{}</style>")
            exchange.end()

        running.gateway.on("GET", "/exports/exp_a/report.html", report)

        answer = await running.client.get("/api/v1/exports/exp_a/report.html")

        assert answer.headers["content-security-policy"] == REPORT_POLICY
        assert "script" not in REPORT_POLICY
        assert answer.headers["content-type"] == "text/html; charset=utf-8"


async def test_a_link_is_opened_by_its_secret_and_gives_the_files_for_an_hour() -> None:
    clock = SimulatedClock()
    async with running_hub(clock=clock) as running:
        secret = await shared(running, note="For the police")
        running.gateway.on("GET", "/exports/exp_a/files/1", movie)
        running.gateway.on("GET", "/exports/exp_a/export.zip", movie)
        async with running.stranger(headers={"User-Agent": "Phone"}) as guest:
            before = await guest.get("/api/v1/shared/files/1")
            opened = await guest.post("/api/v1/shared", json={"secret": secret})
            movies = [(await guest.get(f"/api/v1/shared/{name}")).content for name in ("files/1", "export.zip")]
            await clock.advance(3600)
            after = await guest.get("/api/v1/shared/files/1")
        [share] = (await running.client.get("/api/v1/shares")).json()["items"]

        assert (before.status_code, after.status_code, movies) == (401, 401, [b"0123456789"] * 2)
        assert opened.json() == {"name": "Theft", "expires_at": LATER["expires_at"], "files": [FILE], "zip_bytes": 30}
        cookie = opened.headers["set-cookie"]
        assert "Path=/api/v1/shared;" in cookie
        assert "HttpOnly" in cookie
        assert "Max-Age=3600" in cookie
        assert "samesite=strict" in cookie.lower()
        assert (share["note"], share["password"], share["revoked_at"]) == ("For the police", False, None)
        assert share["openings"] == [{"at": "2026-11-22T12:00:00Z", "address": "127.0.0.1", "agent": "Phone"}]
        assert (await running.gateway.exchange("/exports/exp_a/files/1")).person.startswith("per_")


async def test_a_guest_gets_at_nothing_else() -> None:
    async with running_hub(clock=SimulatedClock()) as running:
        secret = await shared(running)
        async with running.stranger() as guest:
            await guest.post("/api/v1/shared", json={"secret": secret})
            statuses = [
                (await guest.get(f"/api/v1/{path}")).status_code
                for path in (
                    "exports",
                    "exports/exp_a",
                    "exports/exp_a/files/1",
                    "shares",
                    "cameras",
                    "shared/report.html",
                )
            ]

        assert statuses == [401] * 6


async def test_a_link_with_a_password_asks_for_it_and_counts_guesses() -> None:
    async with running_hub(clock=SimulatedClock()) as running:
        secret = await shared(running, password="blue door")
        async with running.stranger() as guest:
            asked = await guest.post("/api/v1/shared", json={"secret": secret})
            wrong = [
                (await guest.post("/api/v1/shared", json={"secret": secret, "password": "red"})).status_code
                for _ in range(11)
            ]
        async with running.stranger() as other:
            late = await other.post("/api/v1/shared", json={"secret": secret, "password": "blue door"})

        assert (asked.status_code, asked.json()["field"]) == (403, "password")
        assert wrong == [403] * 10 + [429]
        assert late.status_code == 429
        [share] = (await running.client.get("/api/v1/shares")).json()["items"]
        assert (share["password"], share["openings"]) == (True, [])


async def test_the_right_password_opens() -> None:
    async with running_hub(clock=SimulatedClock()) as running:
        secret = await shared(running, password="blue door")
        async with running.stranger() as guest:
            opened = await guest.post("/api/v1/shared", json={"secret": secret, "password": "blue door"})

        assert opened.status_code == 200


async def test_a_revoked_link_opens_nothing_and_stops_who_has_it_open() -> None:
    async with running_hub(clock=SimulatedClock()) as running:
        secret = await shared(running)
        [share] = (await running.client.get("/api/v1/shares")).json()["items"]
        async with running.stranger() as guest:
            await guest.post("/api/v1/shared", json={"secret": secret})
            revoked = await running.client.delete(f"/api/v1/shares/{share['id']}")
            statuses = [
                (await guest.get("/api/v1/shared/files/1")).status_code,
                (await guest.post("/api/v1/shared", json={"secret": secret})).status_code,
            ]
        [kept] = (await running.client.get("/api/v1/shares")).json()["items"]

        assert (revoked.status_code, statuses) == (204, [404, 404])
        assert kept["revoked_at"] == "2026-11-22T12:00:00Z"
        assert len(kept["openings"]) == 1


async def test_removing_an_export_ends_its_links() -> None:
    async with running_hub(clock=SimulatedClock()) as running:
        secret = await shared(running)
        running.gateway.on_json("DELETE", "/exports/exp_a", None)
        await running.client.delete("/api/v1/exports/exp_a")
        async with running.stranger() as guest:
            answer = await guest.post("/api/v1/shared", json={"secret": secret})

        assert answer.status_code == 404


async def test_a_link_whose_export_is_gone_says_no_more_than_any_dead_link() -> None:
    async with running_hub(clock=SimulatedClock()) as running:
        secret = await shared(running)
        gone = Problem(Kind.NOT_FOUND, "There is no such export.")
        running.gateway.on("GET", "/exports/exp_a", lambda exchange: exchange.refuse(gone))
        async with running.stranger() as guest:
            answers = [
                (await guest.post("/api/v1/shared", json={"secret": each})).json() for each in (secret, "0" * 64, "x")
            ]

        assert answers[0] == answers[1] == answers[2]
        assert answers[0]["status"] == 404


async def test_an_export_that_is_not_finished_is_not_shared() -> None:
    async with running_hub() as running:
        running.gateway.on_json("GET", "/exports/exp_a", EXPORT | {"state": "running"})

        answer = await running.client.post("/api/v1/exports/exp_a/shares", json=LATER)

        assert answer.status_code == 409


@pytest.mark.parametrize("expires_at", ["2026-11-22T11:00:00Z", "2026-11-29T12:20:01Z"])
async def test_a_link_ends_between_now_and_the_export(expires_at: str) -> None:
    async with running_hub(clock=SimulatedClock()) as running:
        running.gateway.on_json("GET", "/exports/exp_a", EXPORT)

        answer = await running.client.post("/api/v1/exports/exp_a/shares", json={"expires_at": expires_at})

        assert (answer.status_code, answer.json()["field"]) == (400, "expires_at")


async def test_revoking_what_never_was_is_said_so() -> None:
    async with running_hub() as running:
        answer = await running.client.delete("/api/v1/shares/shr_nothing")

        assert answer.status_code == 404
