"""The hub's adapters: schema, passwords, certificates."""

import sqlite3
import ssl
from datetime import timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from cryptography import x509
from sqlalchemy import create_engine

from tawny.hub import migrations
from tawny.hub.adapters.argon2 import Argon2Passwords
from tawny.hub.adapters.certificates import (
    LEAF_LIFETIME,
    authority_path,
    load_or_make_authority,
    local_names,
    make_certificate,
)
from tawny.hub.adapters.migrate import HEAD, bring_up_to_date
from tawny.hub.adapters.tables import metadata
from tawny.runtime.clock import SimulatedClock, from_utc_us


def test_the_newest_step_of_the_schema_is_the_one_that_is_looked_for() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__path__[0])))

    assert ScriptDirectory.from_config(config).get_heads() == [HEAD]


def test_the_steps_end_in_the_tables_that_the_store_uses(tmp_path: Path) -> None:
    bring_up_to_date(tmp_path / "hub.db")
    engine = create_engine(f"sqlite:///{tmp_path / 'hub.db'}")

    with engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), metadata)
    engine.dispose()

    assert differences == []


def test_a_database_that_is_up_to_date_is_left_alone(tmp_path: Path) -> None:
    bring_up_to_date(tmp_path / "hub.db")
    before = (tmp_path / "hub.db").read_bytes()

    bring_up_to_date(tmp_path / "hub.db")

    assert (tmp_path / "hub.db").read_bytes() == before


def test_a_database_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    bring_up_to_date(tmp_path / "hub.db")
    connection = sqlite3.connect(tmp_path / "hub.db")
    connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.commit()
    connection.close()

    with pytest.raises(ValueError, match="newer Tawny"):
        bring_up_to_date(tmp_path / "hub.db")


async def test_a_password_matches_its_own_hash_only() -> None:
    passwords = Argon2Passwords()
    kept = await passwords.hash("correct horse")

    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert await passwords.verify("correct horse", kept)
    assert not await passwords.verify("correct horsf", kept)
    assert not await passwords.verify("nobody", None)
    assert not await passwords.verify("x", "not a hash")
    passwords.close()


def test_a_browser_that_trusts_our_authority_accepts_the_hub(tmp_path: Path) -> None:
    clock = SimulatedClock()
    authority = load_or_make_authority(tmp_path, clock)

    files = make_certificate(tmp_path, authority, ["nvr.local", "192.0.2.7", "localhost"], clock)

    leaf = x509.load_pem_x509_certificates(files.certificate.read_bytes())[0]
    names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["localhost", "nvr.local"]
    assert [str(each) for each in names.get_values_for_type(x509.IPAddress)] == ["192.0.2.7"]
    assert leaf.not_valid_after_utc - from_utc_us(clock.utc_us()) == LEAF_LIFETIME <= timedelta(days=398)
    leaf.verify_directly_issued_by(authority.certificate)
    ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(files.certificate, files.key)


def test_the_authority_stays_the_same_and_its_key_private(tmp_path: Path) -> None:
    clock = SimulatedClock()

    first, second = (load_or_make_authority(tmp_path, clock).certificate for _ in range(2))

    assert first == second
    assert authority_path(tmp_path).read_bytes().count(b"BEGIN") == 1
    assert {path.name: oct(path.stat().st_mode & 0o777) for path in tmp_path.iterdir()} == {
        "ca.pem": "0o600",
        "ca.key": "0o600",
    }


def test_we_answer_to_the_machines_names_and_the_address_listened_on() -> None:
    names = local_names("192.0.2.7", ["NVR.example"])

    assert {"localhost", "127.0.0.1", "::1", "192.0.2.7", "nvr.example"} <= names
