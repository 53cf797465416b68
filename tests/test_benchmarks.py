import pytest

from tawny import benchmarks
from tawny.runtime.problem import Kind, Problem


def test_the_benchmarks_of_a_checkout_are_listed(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.argv", [])

    code = benchmarks.main(["bench", "list"])

    assert code == 0
    assert "first-picture" in capsys.readouterr().out


def test_an_installed_package_has_none(monkeypatch: pytest.MonkeyPatch, tmp_path: pytest.TempPathFactory) -> None:
    monkeypatch.setattr(benchmarks, "_CHECKOUT", tmp_path)

    with pytest.raises(Problem) as told:
        benchmarks.main(["bench", "list"])

    assert told.value.kind is Kind.NOT_FOUND
