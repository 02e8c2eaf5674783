"""When each election closed, which may be before the announced time"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("elections", sa.Column("closed_at", sa.String(length=20), nullable=True))


def downgrade() -> None:
    op.drop_column("elections", "closed_at")
