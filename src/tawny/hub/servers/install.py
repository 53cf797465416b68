"""How a phone or computer comes to trust our own certificate authority."""

import html

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse

from tawny.hub.servers.parts import Front, UsesParts
from tawny.runtime.problem import Kind, Problem

router = APIRouter(include_in_schema=False)

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Trust this Tawny</title></head><body><main>
<h1>Trust this Tawny</h1>
<p>This recorder makes its own certificates. Your browser trusts them once you install its authority:
do that only on your own network, and only if the fingerprint below is the one that the recorder printed when it started.</p>
<p><strong>Fingerprint (SHA-256)</strong><br><code>{fingerprint}</code></p>
<p><a href="/ca.pem" download="tawny-ca.pem">Download the authority (ca.pem)</a></p>
<h2>iPhone, iPad</h2>
<p>Open the file, then Settings, General, VPN &amp; Device Management, install the profile; then Settings, General, About,
Certificate Trust Settings, switch it on.</p>
<h2>Android</h2>
<p>Settings, Security, Encryption &amp; credentials, Install a certificate, CA certificate, choose the file.</p>
<h2>Windows</h2>
<p>Open the file, Install Certificate, Local Machine, place it in Trusted Root Certification Authorities.</p>
<h2>macOS</h2>
<p>Open the file in Keychain Access, open the certificate there, Trust, Always Trust.</p>
<h2>Linux</h2>
<p>Firefox and Chromium: Settings, Certificates, Authorities, Import.</p>
</main></body></html>
"""


@router.get("/install")
async def show_install_page(parts: UsesParts) -> Response:
    """How to install our authority, with the fingerprint to compare."""
    authority = x509.load_pem_x509_certificate(_authority(parts.front))
    return HTMLResponse(_PAGE.format(fingerprint=html.escape(fingerprint(authority))))


@router.get("/ca.pem")
async def download_authority(parts: UsesParts) -> Response:
    """The authority's certificate, which is public."""
    return Response(
        _authority(parts.front),
        media_type="application/x-x509-ca-cert",
        headers={"Content-Disposition": 'attachment; filename="tawny-ca.pem"'},
    )


def fingerprint(certificate: x509.Certificate) -> str:
    """The SHA-256 fingerprint, in pairs as people compare it."""
    return certificate.fingerprint(SHA256()).hex(":").upper()


def _authority(front: Front) -> bytes:
    if front.authority is None:
        raise Problem(Kind.NOT_FOUND, "This Tawny has no certificate authority of its own.")
    return front.authority.read_bytes()
