"""What makes footage provable: keys and certificates, time stamps, and the person's own browser as a witness."""

import json
import re
from typing import Any

from fastapi import APIRouter, Response

from tawny.hub.servers.asking import asked
from tawny.hub.servers.parts import AsPerson, Parts, UsesParts
from tawny.hub.servers.storage_schema import ChangeEvidence, Evidence, Heads, RotateKey, Witness

router = APIRouter(tags=["evidence"])

_PEM = "application/x-pem-file"
_PEM_ANSWER: dict[int | str, dict[str, Any]] = {200: {"content": {_PEM: {"schema": {"type": "string"}}}}}
_CERTIFICATE = re.compile(r"-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----")


@router.get("/evidence", response_model=Evidence)
async def read_evidence(parts: UsesParts, person: AsPerson) -> Response:
    """Root certificate, keys, witnesses, time stamps."""
    return await asked(parts, person, "GET", "/evidence")


@router.patch("/evidence", response_model=Evidence)
async def change_evidence(body: ChangeEvidence, parts: UsesParts, person: AsPerson) -> Response:
    """Name the time-stamping service, or none."""
    return await asked(parts, person, "PATCH", "/evidence", body)


@router.post("/evidence/keys", response_model=Evidence, status_code=201)
async def rotate_key(body: RotateKey, parts: UsesParts, person: AsPerson) -> Response:
    """Sign with a new key from now on; the old one signs the new one, and stays known."""
    await parts.access.confirm(person, body.password)
    return await asked(parts, person, "POST", "/evidence/keys", {"who": person.person.name})


@router.get("/evidence/heads", response_model=Heads)
async def read_heads(parts: UsesParts, person: AsPerson) -> Response:
    """The newest head of the recorder's ledger, for a witness to keep."""
    return await asked(parts, person, "GET", "/evidence/heads")


@router.post("/evidence/witnessed", status_code=204)
async def witness(body: Witness, parts: UsesParts, person: AsPerson) -> Response:
    """Tell that a head is kept outside the recorder: by the app of the person asking."""
    told = {"head": body.head, "by": "app", "who": person.person.name}
    await asked(parts, person, "POST", "/evidence/witnessed", told)
    return Response(status_code=204)


@router.get("/evidence/root.pem", response_class=Response, responses=_PEM_ANSWER)
async def download_root(parts: UsesParts, person: AsPerson) -> Response:
    """The recorder's root certificate: what a verifier must trust."""
    return _download((await _certificates(parts, person))[-1:], "tawny-root.pem")


@router.get("/evidence/chain.pem", response_class=Response, responses=_PEM_ANSWER)
async def download_chain(parts: UsesParts, person: AsPerson) -> Response:
    """The evidence certificate in use, then the root."""
    return _download(await _certificates(parts, person), "tawny-chain.pem")


async def _certificates(parts: Parts, person: AsPerson) -> list[str]:
    answer = await parts.link.request("GET", "/evidence", person=person.person.id)
    return _CERTIFICATE.findall(json.loads(answer.body)["chain"])


def _download(certificates: list[str], name: str) -> Response:
    text = "".join(f"{certificate}\n" for certificate in certificates)
    return Response(text, media_type=_PEM, headers={"Content-Disposition": f'attachment; filename="{name}"'})
