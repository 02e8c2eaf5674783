"""Proxies: members' mailboxes, mandates, who was represented by whom"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "mandates",
        sa.Column("assembly", sa.String(length=100), nullable=False),
        sa.Column("mandate", sa.String(length=32), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("grantor", sa.String(length=200), nullable=False),
        sa.Column("holder", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["assembly", "grantor"], ["members.assembly", "members.member"]),
        sa.ForeignKeyConstraint(["assembly", "holder"], ["members.assembly", "members.member"]),
        sa.PrimaryKeyConstraint("assembly", "mandate"),
    )
    op.create_index("mandates_by_holder", "mandates", ["assembly", "holder"], unique=False)
    op.create_index(
        "one_mandate_each",
        "mandates",
        ["assembly", "grantor"],
        unique=True,
        sqlite_where=sa.text("state = 'given'"),
        postgresql_where=sa.text("state = 'given'"),
    )
    op.add_column("members", sa.Column("mailbox", sa.String(length=64), nullable=True))
    op.add_column(
        "members", sa.Column("wrong_names", sa.Integer(), nullable=False, server_default="0")
    )
    op.add_column("attendance", sa.Column("represented_by", sa.String(length=200), nullable=True))


def downgrade() -> None:
    # Not in batches: these would drop tables that others refer to.
    op.drop_column("attendance", "represented_by")
    op.drop_column("members", "wrong_names")
    op.drop_column("members", "mailbox")
    op.drop_table("mandates")
