"""Promises about the tree itself: what it may not contain, and that what it says of itself is true."""

import ast
import re
import subprocess
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


def test_every_method_of_a_port_makes_a_promise() -> None:
    silent = []
    for path in source_modules():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ClassDef) and any(ast.unparse(base) == "Protocol" for base in node.bases):
                whole = ast.get_docstring(node)
                methods = [item for item in node.body if isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef)]
                for item in methods:
                    if not ast.get_docstring(item) and not (whole and len(methods) == 1):
                        silent.append(f"{path.relative_to(ROOT)}: {node.name}.{item.name}")

    assert silent == []


def test_links_between_documents_lead_somewhere() -> None:
    dead = []
    for path in tracked():
        if path.suffix == ".md":
            for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", path.read_text()):
                if not target.startswith(("http:", "https:", "mailto:")) and not (path.parent / target).exists():
                    dead.append(f"{path.relative_to(ROOT)} -> {target}")

    assert dead == []


def test_the_readme_names_the_commands_that_exist() -> None:
    readme = (ROOT / "README.md").read_text()
    makefile = (ROOT / "Makefile").read_text()

    for target in re.findall(r"`make ([a-z]+)`", readme):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target
    assert "make run" in readme
    assert "make test" in (ROOT / ".ci" / "run").read_text()
