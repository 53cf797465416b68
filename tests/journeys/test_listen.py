"""Beyond loopback Tawny speaks HTTPS from the first moment, with an authority of its own: in a network of the test's own."""

import json
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.journey

ADDRESS = "10.77.0.1"
PORT = 8443
ASK = """
import json, ssl, sys, urllib.request, urllib.error
authority, base = sys.argv[1:]
trusting = ssl.create_default_context(cafile=authority)
def ask(url, context=None):
    try:
        with urllib.request.urlopen(url, timeout=5, context=context) as answer:
            return answer.status, answer.read().decode()
    except (OSError, urllib.error.URLError, ValueError) as error:
        return 0, type(error).__name__ + " " + str(getattr(error, "reason", error))
print(json.dumps({
    "trusting": ask(base + "/api/v1/health", trusting),
    "stranger": ask(base + "/api/v1/health", ssl.create_default_context()),
    "install": ask(base + "/install", trusting),
    "ca": ask(base + "/ca.pem", trusting),
    "plain": ask(base.replace("https", "http") + "/api/v1/health"),
}))
"""


def test_listening_on_a_network_means_https_with_our_own_authority(tmp_path: Path) -> None:
    if not shutil.which("ip") or subprocess.run(["unshare", "--net", "true"], check=False).returncode:
        pytest.skip("needs iproute2 and the right to make a network namespace (root)")
    data = tmp_path / "data"
    run = f"ip link set lo up && ip address add {ADDRESS}/24 dev lo && exec {sys.executable} -m tawny.cli run --data {data} --listen {ADDRESS} --port {PORT}"
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(["unshare", "--net", "sh", "-c", run], stdout=log, stderr=log)
    try:
        deadline = time.monotonic() + 40
        answers: dict[str, tuple[int, str]] = {"trusting": (0, "")}
        while answers["trusting"][0] != 200 and time.monotonic() < deadline:
            time.sleep(0.5)
            if (data / "keys" / "ca.pem").exists():
                inside = ["nsenter", "-t", str(process.pid), "-n", sys.executable, "-c", ASK]
                asked = [*inside, str(data / "keys" / "ca.pem"), f"https://{ADDRESS}:{PORT}"]
                done = subprocess.run(asked, capture_output=True, text=True, check=True)
                answers = json.loads(done.stdout)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)

    assert answers["trusting"][0] == 200, (tmp_path / "log").read_text()
    assert "certificate" in answers["stranger"][1].lower()
    assert answers["plain"][0] == 0
    assert answers["install"][0] == 200
    assert answers["ca"][1] == (data / "keys" / "ca.pem").read_text()
    assert "PRIVATE" not in answers["ca"][1]
