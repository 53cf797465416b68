"""Promises about the tree itself: what it may not contain, and that what it says of itself is true."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEXT = {".py", ".md", ".toml", ".txt", ".in", ".json", ".ts", ".tsx", ".css", ".html", ".sh", ".cfg", ".ini", ""}


def tracked() -> list[Path]:
    """Files that git tracks, or all that stand there where the tree came without git."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    names = [name for name in listed.stdout.split("\0") if name]
    return [ROOT / name for name in names if (ROOT / name).is_file()]


def text_files() -> list[Path]:
    return [path for path in tracked() if path.suffix in TEXT and path.name != "LICENSE"]


def source_modules() -> list[Path]:
    return sorted((ROOT / "src").rglob("*.py"))


def test_no_address_of_a_package_registry_stands_in_the_tree() -> None:
    hosts = re.compile(r"https?://[^ \"']*(registry\.|pypi|pythonhosted|npmjs|deb\.debian|proxy\.golang|maven)")

    found = [path for path in text_files() if hosts.search(path.read_text(errors="replace"))]

    assert [path for path in found if path != Path(__file__)] == []


def test_every_requirement_is_pinned_by_hash_and_names_no_index() -> None:
    for path in (ROOT / "requirements").glob("*.txt"):
        text = path.read_text()
        pins = re.findall(r"^[a-z0-9].*==.*$", text, re.MULTILINE)

        assert pins, path
        assert all(pin.rstrip().endswith("\\") for pin in pins), path
        assert not re.search(r"^(-i|--index|--extra-index|--find-links)", text, re.MULTILINE), path


@pytest.mark.parametrize("path", source_modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_every_module_says_what_it_is(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text())), "a module needs a docstring"


def methods_without_promise(path: Path) -> list[str]:
    """Methods of Protocols without a docstring; a Protocol of one method may say it in its own."""
    found = []
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ClassDef) and any(ast.unparse(base) == "Protocol" for base in node.bases):
            methods = [item for item in node.body if isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef)]
            told = bool(ast.get_docstring(node)) and len(methods) == 1
            found += [f"{node.name}.{item.name}" for item in methods if not told and not ast.get_docstring(item)]
    return found


def test_every_method_of_a_port_makes_a_promise() -> None:
    silent = {str(path.relative_to(ROOT)): methods_without_promise(path) for path in source_modules()}

    assert {path: methods for path, methods in silent.items() if methods} == {}


def dead_links(path: Path) -> list[str]:
    targets = re.findall(r"\]\(([^)#\s]+)[^)]*\)", path.read_text())
    local = [target for target in targets if not target.startswith(("http:", "https:", "mailto:"))]
    return [target for target in local if not (path.parent / target).exists()]


def test_links_between_documents_lead_somewhere() -> None:
    dead = {str(path.relative_to(ROOT)): dead_links(path) for path in tracked() if path.suffix == ".md"}

    assert {path: targets for path, targets in dead.items() if targets} == {}


def test_the_readme_names_the_commands_that_exist() -> None:
    readme = (ROOT / "README.md").read_text()
    makefile = (ROOT / "Makefile").read_text()

    for target in re.findall(r"`make ([a-z]+)`", readme):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target
    assert "make run" in readme
    assert "make test" in (ROOT / ".ci" / "run").read_text()


def test_the_notice_names_what_the_pinned_packages_bring() -> None:
    done = subprocess.run([sys.executable, ROOT / "scripts" / "notice.py", "--check"], check=False)

    assert done.returncode == 0
