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
        sa.Column("sessions", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "attachments",
        sa.Column("assembly", sa.String(length=100), nullable=False),
        sa.Column("path", sa.String(length=200), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["assembly"], ["assemblies.id"]),
        sa.PrimaryKeyConstraint("assembly", "path"),
    )
    op.create_table(
        "checkpoints",
        sa.Column("assembly", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["assembly"], ["assemblies.id"]),
        sa.PrimaryKeyConstraint("assembly", "size"),
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
        sa.ForeignKeyConstraint(["assembly"], ["assemblies.id"]),
        sa.PrimaryKeyConstraint("uuid"),
    )
    op.create_index(op.f("ix_elections_assembly"), "elections", ["assembly"], unique=False)
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
        "log_entries",
        sa.Column("assembly", sa.String(length=100), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["assembly"], ["assemblies.id"]),
        sa.PrimaryKeyConstraint("assembly", "position"),
    )
    op.create_table(
        "log_heads",
        sa.Column("assembly", sa.String(length=100), nullable=False),
        sa.Column("origin", sa.String(length=300), nullable=False),
        sa.Column("key", sa.String(length=500), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["assembly"], ["assemblies.id"]),
        sa.PrimaryKeyConstraint("assembly"),
    )
    op.create_table(
        "log_nodes",
        sa.Column("assembly", sa.String(length=100), nullable=False),
        sa.Column("level", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.ForeignKeyConstraint(["assembly"], ["assemblies.id"]),
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
        sa.Column("mailbox", sa.String(length=64), nullable=True),
        sa.Column("wrong_names", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["assembly"], ["assemblies.id"]),
        sa.PrimaryKeyConstraint("assembly", "member"),
    )
    op.create_index("members_by_token", "members", ["assembly", "token_hash"], unique=True)
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
        "tally_progress",
        sa.Column("assembly", sa.String(length=100), nullable=False),
        sa.Column("phase", sa.String(length=20), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["assembly"], ["assemblies.id"]),
        sa.PrimaryKeyConstraint("assembly"),
    )
    op.create_table(
        "trustees",
        sa.Column("assembly", sa.String(length=100), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["assembly"], ["assemblies.id"]),
        sa.PrimaryKeyConstraint("assembly", "number"),
        sa.UniqueConstraint("token_hash"),
    )
    op.create_table(
        "attendance",
        sa.Column("assembly", sa.String(length=100), nullable=False),
        sa.Column("ballot", sa.String(length=100), nullable=False),
        sa.Column("member", sa.String(length=200), nullable=False),
        sa.Column("voted", sa.Boolean(), nullable=False),
        sa.Column("represented_by", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(["assembly", "member"], ["members.assembly", "members.member"]),
        sa.PrimaryKeyConstraint("assembly", "ballot", "member"),
    )
    op.create_table(
        "cosignatures",
        sa.Column("assembly", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("witness", sa.String(length=500), nullable=False),
        sa.Column("line", sa.String(length=1000), nullable=False),
        sa.ForeignKeyConstraint(["assembly", "size"], ["checkpoints.assembly", "checkpoints.size"]),
        sa.PrimaryKeyConstraint("assembly", "size", "witness"),
    )
    op.create_table(
        "credentials",
        sa.Column("election", sa.String(length=30), nullable=False),
        sa.Column("public_key", sa.String(length=64), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("binding", sa.String(length=64), nullable=False),
        sa.Column("last_ballot", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["election"], ["elections.uuid"]),
        sa.PrimaryKeyConstraint("election", "public_key"),
        sa.UniqueConstraint("binding"),
    )
    op.create_table(
        "lot_shares",
        sa.Column("election", sa.String(length=30), nullable=False),
        sa.Column("owner", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["election"], ["elections.uuid"]),
        sa.PrimaryKeyConstraint("election", "owner"),
    )
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
        sa.ForeignKeyConstraint(["election"], ["elections.uuid"]),
        sa.PrimaryKeyConstraint("election", "position"),
    )
    op.create_index("records_by_event", "records", ["election", "event"], unique=False)
    op.create_index("records_by_hash", "records", ["election", "sha256"], unique=True)
    op.create_index("records_by_payload", "records", ["election", "payload"], unique=True)


def downgrade() -> None:
    op.drop_table("records")
    op.drop_table("mandates")
    op.drop_table("lot_shares")
    op.drop_table("credentials")
    op.drop_table("cosignatures")
    op.drop_table("attendance")
    op.drop_table("trustees")
    op.drop_table("tally_progress")
    op.drop_table("proceedings")
    op.drop_table("members")
    op.drop_table("log_nodes")
    op.drop_table("log_heads")
    op.drop_table("log_entries")
    op.drop_table("incidents")
    op.drop_table("elections")
    op.drop_table("destructions")
    op.drop_table("checkpoints")
    op.drop_table("attachments")
    op.drop_table("officers")
    op.drop_table("assemblies")
