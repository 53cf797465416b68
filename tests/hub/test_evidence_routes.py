"""Evidence through the hub: certificates to download, and the page as a witness."""

from tests.fakes.storage import CERTIFICATE, ROOT_CERTIFICATE, evidence_document
from tests.hub.running import USER, running_hub


async def test_root_and_chain_are_files_to_keep() -> None:
    async with running_hub() as running:
        running.gateway.on_json("GET", "/evidence", evidence_document())

        root = await running.client.get("/api/v1/evidence/root.pem")
        chain = await running.client.get("/api/v1/evidence/chain.pem")

        assert root.text == ROOT_CERTIFICATE
        assert chain.text == CERTIFICATE + ROOT_CERTIFICATE
        for answer, name in ((root, "tawny-root.pem"), (chain, "tawny-chain.pem")):
            assert answer.headers["content-type"].startswith("application/x-pem-file")
            assert answer.headers["content-disposition"] == f'attachment; filename="{name}"'


async def test_what_is_no_certificate_is_not_handed_out() -> None:
    async with running_hub() as running:
        document = {**evidence_document(), "chain": "<script>alert(1)</script>\n" + ROOT_CERTIFICATE}
        running.gateway.on_json("GET", "/evidence", document)

        chain = await running.client.get("/api/v1/evidence/chain.pem")

        assert chain.text == ROOT_CERTIFICATE


async def test_a_witness_is_named_by_the_session_not_by_the_page() -> None:
    async with running_hub() as running:
        running.gateway.on_json("GET", "/evidence/heads", {"head": {"id": "ev_1"}, "statement": "tawny head v1\n"})
        running.gateway.on_json("POST", "/evidence/witnessed", None)

        heads = await running.client.get("/api/v1/evidence/heads")
        told = await running.client.post("/api/v1/evidence/witnessed", json={"head": "ev_1"})
        forged = await running.client.post("/api/v1/evidence/witnessed", json={"head": "ev_1", "who": "x"})

        assert heads.json()["statement"] == "tawny head v1\n"
        assert (told.status_code, forged.status_code) == (204, 400)
        exchange = await running.gateway.exchange("/evidence/witnessed")
        assert exchange.json == {"head": "ev_1", "by": "app", "who": USER}


async def test_the_time_stamping_service_can_be_taken_away() -> None:
    async with running_hub() as running:
        running.gateway.on_json("PATCH", "/evidence", evidence_document())

        answer = await running.client.patch("/api/v1/evidence", json={"tsa_url": ""})

        assert answer.status_code == 200
        assert (await running.gateway.exchange("/evidence")).json == {"tsa_url": ""}
