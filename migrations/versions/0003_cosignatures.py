"""Cosignatures of witnesses"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "cosignatures",
        sa.Column("assembly", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("witness", sa.String(length=500), nullable=False),
        sa.Column("line", sa.String(length=1000), nullable=False),
        sa.ForeignKeyConstraint(
            ["assembly", "size"],
            ["checkpoints.assembly", "checkpoints.size"],
        ),
        sa.PrimaryKeyConstraint("assembly", "size", "witness"),
    )


def downgrade() -> None:
    op.drop_table("cosignatures")
