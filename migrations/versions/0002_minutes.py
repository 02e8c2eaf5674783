"""What the host records for the minutes; incidents; the destruction of keys"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "proceedings",
        sa.Column("assembly", sa.String(length=100), nullable=False),
        sa.Column("place", sa.String(length=300), nullable=True),
        sa.Column("summoned_by", sa.String(length=100), nullable=False),
        sa.Column("chair", sa.String(length=200), nullable=True),
        sa.Column("secretary", sa.String(length=200), nullable=True),
        sa.Column("scrutineers", sa.Text(), nullable=False),
        sa.Column("in_the_room", sa.Integer(), nullable=True),
        sa.Column("appeals_until", sa.Date(), nullable=True),
        sa.Column("privacy_floor", sa.Integer(), nullable=True),
        sa.Column("privacy_treatment", sa.String(length=10), nullable=True),
        sa.Column("roll_salt", sa.LargeBinary(length=32), nullable=True),
        sa.Column("roll_seal", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["assembly"], ["assemblies.id"]),
        sa.PrimaryKeyConstraint("assembly"),
    )
    op.create_table(
        "incidents",
        sa.Column("assembly", sa.String(length=100), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.String(length=20), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["assembly"], ["assemblies.id"]),
        sa.PrimaryKeyConstraint("assembly", "number"),
    )
    op.create_table(
        "destructions",
        sa.Column("assembly", sa.String(length=100), nullable=False),
        sa.Column("at", sa.String(length=20), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["assembly"], ["assemblies.id"]),
        sa.PrimaryKeyConstraint("assembly"),
    )


def downgrade() -> None:
    op.drop_table("destructions")
    op.drop_table("incidents")
    op.drop_table("proceedings")
