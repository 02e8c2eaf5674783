"""The first tables"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "assemblies",
        sa.Column("id", sa.String(length=100), nullable=False),
        sa.Column("definition", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("rehearsal", sa.Boolean(), nullable=False),
        sa.Column("elections_json", sa.LargeBinary(), nullable=True),
        sa.Column("outcome", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "officers",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("password_hash", sa.String(length=300), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "attachments",
        sa.Column("assembly", sa.String(length=100), nullable=False),
        sa.Column("path", sa.String(length=200), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assembly"],
            ["assemblies.id"],
        ),
        sa.PrimaryKeyConstraint("assembly", "path"),
    )
    op.create_table(
        "checkpoints",
        sa.Column("assembly", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assembly"],
            ["assemblies.id"],
        ),
        sa.PrimaryKeyConstraint("assembly", "size"),
    )
    op.create_table(
        "elections",
        sa.Column("uuid", sa.String(length=30), nullable=False),
        sa.Column("assembly", sa.String(length=100), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("ballot", sa.String(length=100), nullable=False),
        sa.Column("college", sa.String(length=100), nullable=True),
        sa.Column("stage", sa.String(length=20), nullable=False),
        sa.Column("timestamp", sa.Integer(), nullable=False),
        sa.Column("records", sa.Integer(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("last_event", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(
            ["assembly"],
            ["assemblies.id"],
        ),
        sa.PrimaryKeyConstraint("uuid"),
    )
    with op.batch_alter_table("elections", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_elections_assembly"), ["assembly"], unique=False)

    op.create_table(
        "log_entries",
        sa.Column("assembly", sa.String(length=100), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assembly"],
            ["assemblies.id"],
        ),
        sa.PrimaryKeyConstraint("assembly", "position"),
    )
    op.create_table(
        "log_heads",
        sa.Column("assembly", sa.String(length=100), nullable=False),
        sa.Column("origin", sa.String(length=300), nullable=False),
        sa.Column("key", sa.String(length=500), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assembly"],
            ["assemblies.id"],
        ),
        sa.PrimaryKeyConstraint("assembly"),
    )
    op.create_table(
        "log_nodes",
        sa.Column("assembly", sa.String(length=100), nullable=False),
        sa.Column("level", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["assembly"],
            ["assemblies.id"],
        ),
        sa.PrimaryKeyConstraint("assembly", "level", "position"),
    )
    op.create_table(
        "members",
        sa.Column("assembly", sa.String(length=100), nullable=False),
        sa.Column("member", sa.String(length=200), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("college", sa.String(length=100), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(
            ["assembly"],
            ["assemblies.id"],
        ),
        sa.PrimaryKeyConstraint("assembly", "member"),
    )
    with op.batch_alter_table("members", schema=None) as batch_op:
        batch_op.create_index("members_by_token", ["assembly", "token_hash"], unique=True)

    op.create_table(
        "tally_progress",
        sa.Column("assembly", sa.String(length=100), nullable=False),
        sa.Column("phase", sa.String(length=20), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assembly"],
            ["assemblies.id"],
        ),
        sa.PrimaryKeyConstraint("assembly"),
    )
    op.create_table(
        "trustees",
        sa.Column("assembly", sa.String(length=100), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["assembly"],
            ["assemblies.id"],
        ),
        sa.PrimaryKeyConstraint("assembly", "number"),
        sa.UniqueConstraint("token_hash"),
    )
    op.create_table(
        "attendance",
        sa.Column("assembly", sa.String(length=100), nullable=False),
        sa.Column("ballot", sa.String(length=100), nullable=False),
        sa.Column("member", sa.String(length=200), nullable=False),
        sa.Column("voted", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assembly", "member"],
            ["members.assembly", "members.member"],
        ),
        sa.PrimaryKeyConstraint("assembly", "ballot", "member"),
    )
    op.create_table(
        "credentials",
        sa.Column("election", sa.String(length=30), nullable=False),
        sa.Column("public_key", sa.String(length=64), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("binding", sa.String(length=64), nullable=False),
        sa.Column("last_ballot", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["election"],
            ["elections.uuid"],
        ),
        sa.PrimaryKeyConstraint("election", "public_key"),
        sa.UniqueConstraint("binding"),
    )
    op.create_table(
        "lot_shares",
        sa.Column("election", sa.String(length=30), nullable=False),
        sa.Column("owner", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["election"],
            ["elections.uuid"],
        ),
        sa.PrimaryKeyConstraint("election", "owner"),
    )
    op.create_table(
        "records",
        sa.Column("election", sa.String(length=30), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=5), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("event", sa.String(length=20), nullable=True),
        sa.Column("payload", sa.String(length=64), nullable=True),
        sa.Column("log_index", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["election"],
            ["elections.uuid"],
        ),
        sa.PrimaryKeyConstraint("election", "position"),
    )
    with op.batch_alter_table("records", schema=None) as batch_op:
        batch_op.create_index("records_by_event", ["election", "event"], unique=False)
        batch_op.create_index("records_by_hash", ["election", "sha256"], unique=True)
        batch_op.create_index("records_by_payload", ["election", "payload"], unique=True)



def downgrade() -> None:
    with op.batch_alter_table("records", schema=None) as batch_op:
        batch_op.drop_index("records_by_payload")
        batch_op.drop_index("records_by_hash")
        batch_op.drop_index("records_by_event")

    op.drop_table("records")
    op.drop_table("lot_shares")
    op.drop_table("credentials")
    op.drop_table("attendance")
    op.drop_table("trustees")
    op.drop_table("tally_progress")
    with op.batch_alter_table("members", schema=None) as batch_op:
        batch_op.drop_index("members_by_token")

    op.drop_table("members")
    op.drop_table("log_nodes")
    op.drop_table("log_heads")
    op.drop_table("log_entries")
    with op.batch_alter_table("elections", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_elections_assembly"))

    op.drop_table("elections")
    op.drop_table("checkpoints")
    op.drop_table("attachments")
    op.drop_table("officers")
    op.drop_table("assemblies")
