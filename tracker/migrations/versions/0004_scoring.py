"""Scoring: what a round scores, awards, visits, findings, rectification, rules, praise, frozen rankings;
a task keeps how it divides its points between modes. No version so far wrote to the tables replaced."""

import sqlalchemy as sa
from alembic import op

from tracker.db import Points, UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("visit", "award", "scoring_round"):
        op.drop_table(name)
    # SQLite adds a column without writing the table anew; others point to tasks.
    op.add_column("task", sa.Column("points_by_mode", sa.JSON(none_as_null=True), nullable=True))
    op.create_table(
        "rule_set",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("least_items", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["by"], ["user.id"], name=op.f("fk_rule_set_by_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_set")),
        sa.UniqueConstraint("version", name=op.f("uq_rule_set_version")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "rule",
        sa.Column("rule_set_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("points", Points(), nullable=False),
        sa.Column("cap", Points(), nullable=True),
        sa.ForeignKeyConstraint(
            ["rule_set_id"],
            ["rule_set.id"],
            name=op.f("fk_rule_rule_set_id_rule_set"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("rule_set_id", "kind", name=op.f("pk_rule")),
    )
    op.create_table(
        "scoring_round",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("shows", sa.String(20), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("closed_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("published_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column("published_by", sa.Integer(), nullable=True),
        sa.Column("rectify_by", sa.Date(), nullable=True),
        sa.Column("rectification_plan_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["plan.id"], name=op.f("fk_scoring_round_plan_id_plan")
        ),
        sa.ForeignKeyConstraint(
            ["published_by"], ["user.id"], name=op.f("fk_scoring_round_published_by_user")
        ),
        sa.ForeignKeyConstraint(
            ["rectification_plan_id"],
            ["plan.id"],
            name=op.f("fk_scoring_round_rectification_plan_id_plan"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scoring_round")),
        sa.UniqueConstraint("plan_id", "name", name=op.f("uq_scoring_round_plan_id_name")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "frozen_ranking",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("since", UtcDateTime(timezone=True), nullable=True),
        sa.Column("until", UtcDateTime(timezone=True), nullable=True),
        sa.Column("rule_version", sa.Integer(), nullable=False),
        sa.Column("rule_set_id", sa.Integer(), nullable=True),
        sa.Column("least_items", sa.Integer(), nullable=False),
        sa.Column("frozen_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("frozen_by", sa.Integer(), nullable=True),
        sa.Column("frozen_by_name", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["frozen_by"], ["user.id"], name=op.f("fk_frozen_ranking_frozen_by_user")
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["plan.id"], name=op.f("fk_frozen_ranking_plan_id_plan")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"],
            ["scoring_round.id"],
            name=op.f("fk_frozen_ranking_round_id_scoring_round"),
        ),
        sa.ForeignKeyConstraint(
            ["rule_set_id"], ["rule_set.id"], name=op.f("fk_frozen_ranking_rule_set_id_rule_set")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_frozen_ranking")),
        sa.UniqueConstraint("plan_id", "name", name=op.f("uq_frozen_ranking_plan_id_name")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "visit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("inspector_id", sa.Integer(), nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=False),
        sa.Column("site", sa.String(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("cancelled_at", UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["inspector_id"], ["user.id"], name=op.f("fk_visit_inspector_id_user")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["scoring_round.id"], name=op.f("fk_visit_round_id_scoring_round")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("visit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_visit_inspector_id"), ["inspector_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_visit_round_id"), ["round_id"], unique=False)

    op.create_table(
        "frozen_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ranking_id", sa.Integer(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=True),
        sa.Column("earned", Points(), nullable=False),
        sa.Column("possible", Points(), nullable=False),
        sa.Column("items", sa.Integer(), nullable=False),
        sa.Column("bonus", Points(), nullable=False),
        sa.Column("penalty", Points(), nullable=False),
        sa.Column("rate", Points(), nullable=False),
        sa.Column("score", Points(), nullable=False),
        sa.ForeignKeyConstraint(
            ["department_id"],
            ["department.id"],
            name=op.f("fk_frozen_line_department_id_department"),
        ),
        sa.ForeignKeyConstraint(
            ["ranking_id"],
            ["frozen_ranking.id"],
            name=op.f("fk_frozen_line_ranking_id_frozen_ranking"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_frozen_line")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("frozen_line", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_frozen_line_ranking_id"), ["ranking_id"], unique=False)

    op.create_table(
        "praise",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["by"], ["user.id"], name=op.f("fk_praise_by_user")),
        sa.ForeignKeyConstraint(
            ["department_id"], ["department.id"], name=op.f("fk_praise_department_id_department")
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_praise_plan_id_plan")),
        sa.ForeignKeyConstraint(
            ["task_id"], ["task.id"], name=op.f("fk_praise_task_id_task"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_praise")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("praise", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_praise_plan_id"), ["plan_id"], unique=False)

    op.create_table(
        "score_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("mode", sa.String(), nullable=False),
        sa.Column("possible", Points(), nullable=False),
        sa.Column("is_covert", sa.Boolean(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["round_id"], ["scoring_round.id"], name=op.f("fk_score_item_round_id_scoring_round")
        ),
        sa.ForeignKeyConstraint(
            ["task_id"], ["task.id"], name=op.f("fk_score_item_task_id_task"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_score_item")),
        sa.UniqueConstraint(
            "round_id", "task_id", "mode", name=op.f("uq_score_item_round_id_task_id_mode")
        ),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("score_item", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_score_item_task_id"), ["task_id"], unique=False)

    op.create_table(
        "award",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("points", Points(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_award_event_id_event")),
        sa.ForeignKeyConstraint(
            ["item_id"],
            ["score_item.id"],
            name=op.f("fk_award_item_id_score_item"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_award")),
        sa.UniqueConstraint("item_id", name=op.f("uq_award_item_id")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "finding",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("visit_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("is_clear", sa.Boolean(), nullable=False),
        sa.Column("points_off", Points(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("seen_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"],
            ["score_item.id"],
            name=op.f("fk_finding_item_id_score_item"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_finding_visit_id_visit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding")),
        sa.UniqueConstraint("key", name=op.f("uq_finding_key")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("finding", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_finding_item_id"), ["item_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_finding_visit_id"), ["visit_id"], unique=False)

    op.create_table(
        "frozen_point",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=True),
        sa.Column("task_id", sa.Integer(), nullable=True),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("mode", sa.String(), nullable=False),
        sa.Column("points", Points(), nullable=False),
        sa.Column("possible", Points(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_frozen_point_event_id_event")
        ),
        sa.ForeignKeyConstraint(
            ["item_id"],
            ["score_item.id"],
            name=op.f("fk_frozen_point_item_id_score_item"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["line_id"],
            ["frozen_line.id"],
            name=op.f("fk_frozen_point_line_id_frozen_line"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["task_id"], ["task.id"], name=op.f("fk_frozen_point_task_id_task"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_frozen_point")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("frozen_point", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_frozen_point_item_id"), ["item_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_frozen_point_line_id"), ["line_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_frozen_point_task_id"), ["task_id"], unique=False)

    op.create_table(
        "visit_item",
        sa.Column("visit_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"],
            ["score_item.id"],
            name=op.f("fk_visit_item_item_id_score_item"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["visit_id"],
            ["visit.id"],
            name=op.f("fk_visit_item_visit_id_visit"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("visit_id", "item_id", name=op.f("pk_visit_item")),
    )
    with op.batch_alter_table("visit_item", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_visit_item_item_id"), ["item_id"], unique=False)

    op.create_table(
        "finding_photo",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("finding_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_file.id"], name=op.f("fk_finding_photo_file_id_stored_file")
        ),
        sa.ForeignKeyConstraint(
            ["finding_id"],
            ["finding.id"],
            name=op.f("fk_finding_photo_finding_id_finding"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding_photo")),
        sa.UniqueConstraint(
            "finding_id", "number", name=op.f("uq_finding_photo_finding_id_number")
        ),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "rectification",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("finding_id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["finding_id"],
            ["finding.id"],
            name=op.f("fk_rectification_finding_id_finding"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["task_id"], ["task.id"], name=op.f("fk_rectification_task_id_task"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rectification")),
        sa.UniqueConstraint("finding_id", name=op.f("uq_rectification_finding_id")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("rectification", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rectification_task_id"), ["task_id"], unique=False)
