"""The web app's files."""

from pathlib import Path

import pytest

from tawny.hub.main import Settings
from tests.hub.running import running_hub


@pytest.fixture
def web(tmp_path: Path) -> Path:
    built = tmp_path / "dist"
    (built / "assets").mkdir(parents=True)
    (built / "index.html").write_text("<!doctype html><title>Tawny</title>")
    (built / "assets" / "app-1a2b.js").write_text("start()")
    (built / "manifest.webmanifest").write_text("{}")
    (tmp_path / "secret.txt").write_text("secret")
    (built / "link.txt").symlink_to(tmp_path / "secret.txt")
    return built


async def test_hashed_assets_are_kept_for_ever_and_the_page_never(web: Path) -> None:
    async with running_hub(Settings(data=Path(), web=web)) as running, running.stranger() as client:
        asset = await client.get("/assets/app-1a2b.js")
        page = await client.get("/")

        assert asset.text == "start()"
        assert asset.headers["content-type"].startswith("text/javascript")
        assert asset.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert page.headers["cache-control"] == "no-cache"


async def test_an_address_inside_the_app_is_answered_by_its_page(web: Path) -> None:
    async with running_hub(Settings(data=Path(), web=web)) as running, running.stranger() as client:
        page = await client.get("/cameras/cam_a?t=2026-11-22T17:04:05Z")

        assert page.status_code == 200
        assert "<title>Tawny</title>" in page.text


@pytest.mark.parametrize(
    "path",
    [
        "/assets/gone.js",
        "/favicon.ico",
        "/..%2fsecret.txt",
        "/%2e%2e/secret.txt",
        "/assets/..%2f..%2fsecret.txt",
        "/link.txt",
        "//etc/passwd.txt",
        "/x%00.txt",
    ],
)
async def test_nothing_else_is_given_away(web: Path, path: str) -> None:
    async with running_hub(Settings(data=Path(), web=web)) as running, running.stranger() as client:
        answer = await client.get(running.hub.url + path)

        assert answer.status_code == 404
        assert "secret" not in answer.text


async def test_an_app_that_was_not_built_says_what_to_do(tmp_path: Path) -> None:
    async with running_hub(Settings(data=Path(), web=tmp_path / "nothing")) as running, running.stranger() as client:
        answer = await client.get("/")

        assert answer.status_code == 503
        assert "make setup" in answer.text
