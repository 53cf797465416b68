"""The browser defences, over real sockets."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tawny.hub.main import Settings
from tawny.hub.servers.guard import MAX_BODY_BYTES
from tests.hub.running import PASSWORD, USER, Running, running_hub

LOGIN = {"user": USER, "password": PASSWORD}
HOSTS = "This recorder does not answer to the name in the address."


async def test_every_answer_tells_the_browser_what_our_pages_may_do() -> None:
    async with running_hub() as running:
        for path in ("/", "/api/v1/health", "/api/v1/nothing", "/api/openapi.json"):
            headers = (await running.client.get(path)).headers

            policy = headers["content-security-policy"]
            assert "default-src 'self'; script-src 'self'; style-src 'self'" in policy
            assert "frame-ancestors 'none'" in policy
            assert "unsafe" not in policy
            assert headers["x-content-type-options"] == "nosniff"
            assert headers["referrer-policy"] == "no-referrer"
            assert headers["cross-origin-opener-policy"] == "same-origin"
            assert "camera=()" in headers["permissions-policy"]
            assert (headers.get("cache-control") == "no-store") is path.startswith("/api/")
            assert "server" not in headers


@pytest.mark.parametrize("host", ["evil.example", "", "localhost.evil.example", "192.0.2.9", "evil@localhost.example"])
async def test_a_name_that_is_not_ours_is_refused(host: str) -> None:
    async with running_hub() as running:
        answer = await running.client.get("/api/v1/health", headers={"Host": host})

        assert answer.status_code == 403
        assert answer.json()["title"] == HOSTS


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8090", "127.0.0.1:1", "[::1]:8090", "nvr.example."])
async def test_our_own_names_are_answered(host: str) -> None:
    async with running_hub(Settings(data=Path(), names=("nvr.example",))) as running:
        answer = await running.client.get("/api/v1/health", headers={"Host": host})

        assert answer.status_code == 200


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "http://127.0.0.1:1", "http://localhost", "https://"]
)
async def test_a_foreign_page_changes_nothing(origin: str) -> None:
    async with running_hub() as running:
        for method, path in (("DELETE", "/api/v1/session"), ("POST", "/api/v1/cameras"), ("POST", "/api/v1/session")):
            answer = await running.client.request(method, path, headers={"Origin": origin}, json=LOGIN)

            assert answer.status_code == 403
            assert answer.json()["title"] == "Another web page asked for this, not Tawny's own."
        assert (await running.client.get("/api/v1/session")).json()["user"] == {"name": USER}


async def test_a_cross_site_request_without_an_origin_changes_nothing() -> None:
    async with running_hub() as running:
        answer = await running.client.delete("/api/v1/session", headers={"Sec-Fetch-Site": "cross-site"})

        assert answer.status_code == 403


async def test_our_own_page_and_scripts_may_change_things() -> None:
    async with running_hub() as running:
        running.gateway.on_json("DELETE", "/cameras/cam_a", None)

        for headers in ({"Origin": running.hub.url}, {}, {"Authorization": f"Bearer {running.token}"}):
            assert (await running.client.delete("/api/v1/cameras/cam_a", headers=headers)).status_code == 204


async def test_the_cookie_is_for_this_site_and_not_for_scripts() -> None:
    async with running_hub() as running, running.stranger() as client:
        cookie = (await client.post("/api/v1/session", json=LOGIN)).headers["set-cookie"]

        assert cookie.startswith("tawny=")
        assert "; HttpOnly" in cookie
        assert "; Path=/" in cookie
        assert "samesite=strict" in cookie.lower()
        assert "max-age=2592000" in cookie.lower()
        assert "domain" not in cookie.lower()


async def test_signing_out_takes_the_cookie_away() -> None:
    async with running_hub() as running:
        answer = await running.client.delete("/api/v1/session")

        assert answer.status_code == 204
        assert "max-age=0" in answer.headers["set-cookie"].lower()
        assert (await running.client.get("/api/v1/session")).json() == {"setup_required": False, "user": None}


async def test_a_request_larger_than_any_of_ours_is_refused() -> None:
    async def pieces(count: int) -> AsyncIterator[bytes]:
        for _ in range(count):
            yield b" " * 65_536

    async with running_hub() as running:
        announced = await running.client.post("/api/v1/session", content=b" " * (MAX_BODY_BYTES + 1))
        unannounced = await running.client.post("/api/v1/session", content=pieces(10))

        assert announced.status_code == 400
        assert unannounced.status_code == 400


async def test_guessing_a_password_is_slowed_down_and_says_for_how_long() -> None:
    async with running_hub() as running:
        await _sign_out_everywhere(running)
        async with running.stranger() as client:
            wrong = {"user": "nobody", "password": "wrong"}
            answers = [await client.post("/api/v1/session", json=wrong) for _ in range(11)]

        assert [each.status_code for each in answers] == [401] * 10 + [429]
        assert 1 <= int(answers[-1].headers["retry-after"]) <= 7
        assert "Too many attempts" in answers[-1].json()["title"]


async def test_a_browser_that_is_signed_in_gets_in_while_its_address_is_slowed_down() -> None:
    async with running_hub() as running, running.stranger() as client:
        for _ in range(11):
            await client.post("/api/v1/session", json={"user": "nobody", "password": "wrong"})

        assert (await running.client.post("/api/v1/session", json=LOGIN)).status_code == 201


async def test_what_is_wrong_with_a_request_is_one_sentence_naming_the_field() -> None:
    async with running_hub() as running, running.stranger() as client:
        as_json = {"Content-Type": "application/json"}
        answers = [
            (await client.post("/api/v1/session", content=content, headers=as_json)).json()
            for content in (
                b"{}",
                b'{"user": "a", "password": "b", "colour": 1}',
                b"{nonsense",
                b'{"user": 1, "password": "b"}',
            )
        ]
        late = (await running.client.get("/api/v1/cameras/cam_a/timeline?from=2026-01-01T00:00:00&to=x")).json()

        assert [each["title"] for each in answers[:3]] == [
            "The field “user” is missing.",
            "The field “colour” is not known here.",
            "The request's body is not valid JSON.",
        ]
        assert answers[3]["field"] == "user"
        assert late["title"] == "The field “from” needs a time zone, as in 2026-11-22T12:00:00Z."
        assert late["status"] == 400


async def _sign_out_everywhere(running: Running) -> None:
    """Afterwards this address is a stranger's."""
    await running.client.delete("/api/v1/session")
