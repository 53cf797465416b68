"""Links to exports, and who opened them."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "shares",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("secret_hash", sa.LargeBinary(32), nullable=False, unique=True),
        sa.Column("export", sa.String(64), nullable=False),
        sa.Column("note", sa.String(200), nullable=False),
        sa.Column("made_by", sa.String(32), sa.ForeignKey("people.id"), nullable=False),
        sa.Column("made_us", sa.BigInteger, nullable=False),
        sa.Column("expires_us", sa.BigInteger, nullable=False),
        sa.Column("revoked_us", sa.BigInteger),
        sa.Column("password_hash", sa.String(256)),
    )
    op.create_table(
        "share_openings",
        sa.Column("token_hash", sa.LargeBinary(32), primary_key=True),
        sa.Column("share", sa.String(32), sa.ForeignKey("shares.id"), nullable=False),
        sa.Column("at_us", sa.BigInteger, nullable=False),
        sa.Column("address", sa.String(64), nullable=False),
        sa.Column("agent", sa.String(200), nullable=False),
    )
    op.create_index("share_openings_share", "share_openings", ["share", "at_us"])


def downgrade() -> None:
    op.drop_table("share_openings")
    op.drop_table("shares")
