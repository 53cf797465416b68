import hashlib
import ssl
from pathlib import Path

import pytest

from tawny.camera.onvif.certificate import tls_context
from tawny.runtime.clock import SimulatedClock
from tawny.runtime.problem import Problem


def test_the_certificate_is_made_once_and_is_nobody_elses_to_read(tmp_path: Path) -> None:
    _, fingerprint = tls_context(tmp_path, clock=SimulatedClock())
    _, again = tls_context(tmp_path, clock=SimulatedClock())

    (file,) = tmp_path.iterdir()
    assert fingerprint == again
    assert file.stat().st_mode & 0o777 == 0o600


def test_the_fingerprint_is_that_of_the_certificate_in_its_binary_form(tmp_path: Path) -> None:
    _, fingerprint = tls_context(tmp_path, clock=SimulatedClock())

    pem = (tmp_path / "certificate.pem").read_text()
    der = ssl.PEM_cert_to_DER_cert(pem[pem.index("-----BEGIN CERTIFICATE") :])

    assert fingerprint == hashlib.sha256(der).hexdigest()


def test_a_damaged_file_is_a_problem_with_a_remedy(tmp_path: Path) -> None:
    (tmp_path / "certificate.pem").write_text("nonsense")

    with pytest.raises(Problem) as problem:
        tls_context(tmp_path, clock=SimulatedClock())

    assert "Remove the file" in problem.value.remedy
