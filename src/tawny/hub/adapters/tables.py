"""The tables of the hub's database.

Their history is in `tawny.hub.migrations`; a test holds that it ends in these tables.
"""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, LargeBinary, MetaData, String, Table

metadata = MetaData()

people = Table(
    "people",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("name", String(64), nullable=False),
    Column("name_key", String(256), nullable=False, unique=True),
    Column("password_hash", String(256), nullable=False),
    Column("created_us", BigInteger, nullable=False),
)

owners = Table(
    "owners",
    metadata,
    Column("place", BigInteger, primary_key=True, autoincrement=False),  # always 1: there is one owner
    Column("person", String(32), ForeignKey("people.id"), nullable=False),
)

sessions = Table(
    "sessions",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("token_hash", LargeBinary(32), nullable=False, unique=True),
    Column("person", String(32), ForeignKey("people.id"), nullable=False),
    Column("created_us", BigInteger, nullable=False),
    Column("seen_us", BigInteger, nullable=False),
    Column("expires_us", BigInteger, nullable=False),
    Column("user_agent", String(200), nullable=False),
    Column("address", String(64), nullable=False),
    Index("sessions_person", "person"),
)

setup_codes = Table(
    "setup_codes",
    metadata,
    Column("place", BigInteger, primary_key=True, autoincrement=False),  # always 1: one code is valid
    Column("code_hash", String(256), nullable=False),
)

shares = Table(
    "shares",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("secret_hash", LargeBinary(32), nullable=False, unique=True),
    Column("export", String(64), nullable=False),
    Column("note", String(200), nullable=False),
    Column("made_by", String(32), ForeignKey("people.id"), nullable=False),
    Column("made_us", BigInteger, nullable=False),
    Column("expires_us", BigInteger, nullable=False),
    Column("revoked_us", BigInteger),
    Column("password_hash", String(256)),
)

share_openings = Table(
    "share_openings",
    metadata,
    Column("token_hash", LargeBinary(32), primary_key=True),
    Column("share", String(32), ForeignKey("shares.id"), nullable=False),
    Column("at_us", BigInteger, nullable=False),
    Column("address", String(64), nullable=False),
    Column("agent", String(200), nullable=False),
    Index("share_openings_share", "share", "at_us"),
)
