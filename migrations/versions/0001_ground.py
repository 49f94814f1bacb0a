"""The ground: every table of the first version, and the walls around them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from tenants.ledger import TransactionId
from tenants.walls import SYSTEM_ROLE, wall

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

WALLS = [
    *wall("agency", "agency", system="SELECT", agency_column="id"),
    *wall("billing_account", "agency", system="SELECT"),
    *wall("calendar_version", "workspace"),
    *wall("contact", "workspace"),
    *wall("conversation_settings", "workspace"),
    *wall("inbox", "workspace", system="SELECT"),
    *wall("job", "either", system="SELECT, INSERT, UPDATE"),
    *wall("ledger", "either", app="SELECT, INSERT", system="SELECT"),
    *wall("macro", "workspace"),
    *wall("member", "agency", system="SELECT"),
    *wall("number_counter", "workspace"),
    *wall("opening", "agency"),
    *wall("pod", "workspace"),
    *wall("report", "workspace", system="SELECT"),
    *wall("report_schedule", "workspace", system="SELECT"),
    *wall("sample", "workspace", system="SELECT"),
    *wall("scorecard", "agency"),
    *wall("service_state", "workspace"),
    *wall("sla_policy_version", "workspace"),
    *wall("tier", "agency"),
    *wall("agency_role", "agency", system="SELECT"),
    *wall("agency_theme", "agency"),
    *wall("conversation", "workspace", system="SELECT"),
    *wall("member_session", "agency", system="SELECT"),
    *wall("mirror_object", "agency"),
    *wall("opening_step", "agency"),
    *wall("raw_mail", "workspace", system="SELECT"),
    *wall("report_delivery", "workspace"),
    *wall("sandbox_object", "agency"),
    *wall("scorecard_version", "agency"),
    *wall("stripe_event", "agency", system="SELECT"),
    *wall("tier_version", "agency"),
    *wall("workspace", "workspace", system="SELECT", workspace_column="id"),
    *wall("workspace_role", "workspace", system="SELECT"),
    *wall("billing_customer", "agency"),
    *wall("contract", "workspace"),
    *wall("draft", "workspace"),
    *wall("escalation", "workspace", system="SELECT"),
    *wall("host", "agency", system="SELECT"),
    *wall("message", "workspace"),
    *wall("review", "workspace"),
    *wall("sla_clock", "workspace", system="SELECT"),
    *wall("theme_version", "workspace"),
    *wall("attachment", "workspace"),
    *wall("checkout", "workspace"),
    *wall("delivery", "workspace", system="SELECT"),
    f"GRANT SELECT, INSERT, UPDATE ON ledger_cursor TO {SYSTEM_ROLE}",
]
TABLES = [
    "agency",
    "billing_account",
    "calendar_version",
    "contact",
    "conversation_settings",
    "inbox",
    "job",
    "ledger",
    "ledger_cursor",
    "macro",
    "member",
    "number_counter",
    "opening",
    "pod",
    "report",
    "report_schedule",
    "sample",
    "scorecard",
    "service_state",
    "sla_policy_version",
    "tier",
    "agency_role",
    "agency_theme",
    "conversation",
    "member_session",
    "mirror_object",
    "opening_step",
    "raw_mail",
    "report_delivery",
    "sandbox_object",
    "scorecard_version",
    "stripe_event",
    "tier_version",
    "workspace",
    "workspace_role",
    "billing_customer",
    "contract",
    "draft",
    "escalation",
    "host",
    "message",
    "review",
    "sla_clock",
    "theme_version",
    "attachment",
    "checkout",
    "delivery",
]

# What a contract was signed on stays what it was, whoever writes the SQL.
FREEZE = """
CREATE FUNCTION keep_used_tier_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'tier version % is in use and cannot change', OLD.id;
END $$;
CREATE TRIGGER keep_used BEFORE UPDATE OR DELETE ON tier_version
  FOR EACH ROW WHEN (OLD.first_used_at IS NOT NULL) EXECUTE FUNCTION keep_used_tier_version();
"""


def upgrade() -> None:
    """Build the tables, then close them off."""
    op.create_table(
        "agency",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agency")),
        sa.UniqueConstraint("slug", name=op.f("uq_agency_slug")),
    )
    op.create_table(
        "billing_account",
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("gateway", sa.Text(), nullable=False),
        sa.Column("livemode", sa.Boolean(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("sealed_key", sa.Text(), nullable=False),
        sa.Column("sealed_webhook_secret", sa.Text(), nullable=False),
        sa.Column("last4", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "gateway <> 'sandbox' OR NOT livemode", name=op.f("ck_billing_account_sandbox_is_test")
        ),
        sa.CheckConstraint(
            "gateway IN ('sandbox', 'manual', 'stripe')", name=op.f("ck_billing_account_gateway")
        ),
        sa.PrimaryKeyConstraint("agency_id", "id", name=op.f("pk_billing_account")),
        sa.UniqueConstraint(
            "agency_id", "public_id", name=op.f("uq_billing_account_agency_id_public_id")
        ),
    )
    op.create_index(
        "uq_billing_account_open",
        "billing_account",
        ["agency_id"],
        unique=True,
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_table(
        "calendar_version",
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("definition", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_calendar_version")),
        sa.UniqueConstraint(
            "workspace_id", "number", name=op.f("uq_calendar_version_workspace_id_number")
        ),
    )
    op.create_table(
        "contact",
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_contact")),
        sa.UniqueConstraint("workspace_id", "email", name=op.f("uq_contact_workspace_id_email")),
    )
    op.create_table(
        "conversation_settings",
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("reopen_days", sa.Integer(), nullable=False),
        sa.Column("signature", sa.Text(), nullable=False),
        sa.Column("policy", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_conversation_settings")),
        sa.UniqueConstraint("workspace_id", name=op.f("uq_conversation_settings_workspace_id")),
    )
    op.create_table(
        "inbox",
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("channel IN ('email')", name=op.f("ck_inbox_channel")),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_inbox")),
        sa.UniqueConstraint("workspace_id", "address", name=op.f("uq_inbox_workspace_id_address")),
    )
    op.create_index("ix_inbox_address", "inbox", ["address"], unique=False)
    op.create_table(
        "job",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=True),
        sa.Column("agency_wide", sa.Boolean(), nullable=False),
        sa.Column("actor_kind", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("actor_name", sa.Text(), nullable=False),
        sa.Column("queue", sa.Text(), nullable=False),
        sa.Column("function", sa.Text(), nullable=False),
        sa.Column("args", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("starts", sa.Integer(), server_default="0", nullable=False),
        sa.Column(
            "available_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint("state IN ('due', 'sent', 'done', 'dead')", name=op.f("ck_job_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
    )
    op.create_index(
        "ix_job_due",
        "job",
        ["queue", "available_at", "id"],
        unique=False,
        postgresql_where=sa.text("state = 'due'"),
    )
    op.create_index(
        "ix_job_sent",
        "job",
        ["queue", "lease_until"],
        unique=False,
        postgresql_where=sa.text("state = 'sent'"),
    )
    op.create_table(
        "ledger",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column(
            "transaction_id",
            TransactionId(),
            server_default=sa.text("pg_current_xact_id()"),
            nullable=False,
        ),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=True),
        sa.Column("subject_type", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("actor_kind", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("actor_name", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("data", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger")),
    )
    op.create_index("ix_ledger_agency", "ledger", ["agency_id", "id"], unique=False)
    op.create_index("ix_ledger_commit_order", "ledger", ["transaction_id", "id"], unique=False)
    op.create_index("ix_ledger_kind", "ledger", ["workspace_id", "kind", "at"], unique=False)
    op.create_index(
        "ix_ledger_subject", "ledger", ["workspace_id", "subject_id", "id"], unique=False
    )
    op.create_table(
        "ledger_cursor",
        sa.Column("reader", sa.Text(), nullable=False),
        sa.Column("transaction_id", sa.BigInteger(), nullable=False),
        sa.Column("event_id", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("reader", name=op.f("pk_ledger_cursor")),
    )
    op.create_table(
        "macro",
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_macro")),
        sa.UniqueConstraint("workspace_id", "name", name=op.f("uq_macro_workspace_id_name")),
    )
    op.create_table(
        "member",
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("alias", sa.Text(), nullable=True),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deactivated_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("agency_id", "id", name=op.f("pk_member")),
        sa.UniqueConstraint("agency_id", "email", name=op.f("uq_member_agency_id_email")),
    )
    op.create_table(
        "number_counter",
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("noun", sa.Text(), nullable=False),
        sa.Column("last_number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_number_counter")),
        sa.UniqueConstraint(
            "workspace_id", "noun", name=op.f("uq_number_counter_workspace_id_noun")
        ),
    )
    op.create_table(
        "opening",
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("new_workspace_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("choices", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("blueprint", sa.Text(), nullable=False),
        sa.Column("blueprint_version", sa.Integer(), nullable=False),
        sa.Column("started_by_name", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('draft', 'applying', 'open')", name=op.f("ck_opening_state")),
        sa.PrimaryKeyConstraint("agency_id", "id", name=op.f("pk_opening")),
    )
    op.create_table(
        "pod",
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("accept_minutes", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_pod")),
        sa.UniqueConstraint("workspace_id", "name", name=op.f("uq_pod_workspace_id_name")),
    )
    op.create_table(
        "report",
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("period_from", sa.Date(), nullable=False),
        sa.Column("period_until", sa.Date(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("steps_done", sa.Integer(), nullable=False),
        sa.Column("steps_total", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("pdf_digest", sa.Text(), nullable=True),
        sa.Column("pdf_bytes", sa.Integer(), nullable=True),
        sa.Column("page_count", sa.Integer(), nullable=True),
        sa.Column("theme_version_id", sa.Uuid(), nullable=True),
        sa.Column("recipients", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("asked_by_id", sa.Uuid(), nullable=True),
        sa.Column("asked_by_name", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retried_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ready_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("mailed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('queued', 'rendering', 'ready', 'failed')", name=op.f("ck_report_state")
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_report")),
        sa.UniqueConstraint(
            "workspace_id",
            "period_from",
            "period_until",
            "fingerprint",
            name=op.f("uq_report_workspace_id_period_from_period_until_fingerprint"),
        ),
    )
    op.create_index(
        "ix_report_period", "report", ["workspace_id", "period_until", "created_at"], unique=False
    )
    op.create_index(
        "ix_report_underway",
        "report",
        ["created_at"],
        unique=False,
        postgresql_where=sa.text("state IN ('queued', 'rendering')"),
    )
    op.create_table(
        "report_schedule",
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("cadence", sa.Text(), nullable=False),
        sa.Column("recipients", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "cadence IN ('weekly', 'monthly')", name=op.f("ck_report_schedule_cadence")
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_report_schedule")),
        sa.UniqueConstraint(
            "workspace_id", "cadence", name=op.f("uq_report_schedule_workspace_id_cadence")
        ),
    )
    op.create_index("ix_report_schedule_next", "report_schedule", ["next_at"], unique=False)
    op.create_table(
        "sample",
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("period_from", sa.Date(), nullable=False),
        sa.Column("period_until", sa.Date(), nullable=False),
        sa.Column("stream", sa.Text(), nullable=False),
        sa.Column("seed", sa.BigInteger(), nullable=False),
        sa.Column("frame", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("candidates", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("eligible_count", sa.Integer(), nullable=False),
        sa.Column("drawn_count", sa.Integer(), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("stream IN ('random', 'targeted')", name=op.f("ck_sample_stream")),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_sample")),
        sa.UniqueConstraint(
            "workspace_id",
            "period_from",
            "period_until",
            "stream",
            name=op.f("uq_sample_workspace_id_period_from_period_until_stream"),
        ),
    )
    op.create_table(
        "scorecard",
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("agency_id", "id", name=op.f("pk_scorecard")),
        sa.UniqueConstraint("agency_id", "name", name=op.f("uq_scorecard_agency_id_name")),
    )
    op.create_table(
        "service_state",
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("set_by", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "state IN ('draft', 'live', 'grace', 'restricted', 'suspended', 'ended', 'archived', 'purged')",
            name=op.f("ck_service_state_state"),
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_service_state")),
    )
    op.create_index(
        "uq_service_state_open",
        "service_state",
        ["workspace_id"],
        unique=True,
        postgresql_where=sa.text("left_at IS NULL"),
    )
    op.create_table(
        "sla_policy_version",
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("targets", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("at_risk_share", sa.Double(), nullable=False),
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_sla_policy_version")),
        sa.UniqueConstraint(
            "workspace_id", "number", name=op.f("uq_sla_policy_version_workspace_id_number")
        ),
    )
    op.create_table(
        "tier",
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("agency_id", "id", name=op.f("pk_tier")),
        sa.UniqueConstraint("agency_id", "code", name=op.f("uq_tier_agency_id_code")),
    )
    op.create_table(
        "agency_role",
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("assigned_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "role IN ('owner', 'billing_admin', 'manager', 'qa_lead', 'qa_reviewer', 'l1_agent', 'pod_agent', 'pod_lead', 'client_admin', 'client_approver', 'client_viewer', 'client_billing')",
            name=op.f("ck_agency_role_role"),
        ),
        sa.CheckConstraint("role NOT LIKE 'client_%%'", name=op.f("ck_agency_role_not_client")),
        sa.ForeignKeyConstraint(
            ["agency_id", "member_id"],
            ["member.agency_id", "member.id"],
            name="fk_member_id_member",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("agency_id", "id", name=op.f("pk_agency_role")),
        sa.UniqueConstraint(
            "agency_id", "member_id", "role", name=op.f("uq_agency_role_agency_id_member_id_role")
        ),
    )
    op.create_table(
        "agency_theme",
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("tokens", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_agency_theme_")),
        sa.PrimaryKeyConstraint("agency_id", "id", name=op.f("pk_agency_theme")),
        sa.UniqueConstraint("agency_id", "number", name=op.f("uq_agency_theme_agency_id_number")),
    )
    op.create_table(
        "conversation",
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("inbox_id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("assignee_id", sa.Uuid(), nullable=True),
        sa.Column("assignee_name", sa.Text(), nullable=True),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("waiting_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_breached", sa.Boolean(), nullable=False),
        sa.Column("last_message_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("message_count", sa.Integer(), nullable=False),
        sa.Column("related_to_id", sa.Uuid(), nullable=True),
        sa.Column("is_automatic", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reopen_count", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "status IN ('open', 'pending', 'snoozed', 'closed')",
            name=op.f("ck_conversation_status"),
        ),
        sa.CheckConstraint("team IN ('l1', 'pod')", name=op.f("ck_conversation_team")),
        sa.ForeignKeyConstraint(
            ["workspace_id", "contact_id"],
            ["contact.workspace_id", "contact.id"],
            name="fk_contact_id_contact",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "inbox_id"],
            ["inbox.workspace_id", "inbox.id"],
            name="fk_inbox_id_inbox",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_conversation")),
        sa.UniqueConstraint(
            "workspace_id", "number", name=op.f("uq_conversation_workspace_id_number")
        ),
    )
    op.create_index(
        "ix_conversation_agency_queue",
        "conversation",
        ["agency_id", "next_due_at", "id"],
        unique=False,
        postgresql_where=sa.text("is_open"),
    )
    op.create_index(
        "ix_conversation_assignee",
        "conversation",
        ["assignee_id", "next_due_at", "id"],
        unique=False,
        postgresql_where=sa.text("is_open"),
    )
    op.create_index(
        "ix_conversation_badges",
        "conversation",
        ["agency_id", "workspace_id", "next_due_at"],
        unique=False,
        postgresql_where=sa.text("is_open"),
    )
    op.create_index(
        "ix_conversation_closed", "conversation", ["workspace_id", "closed_at"], unique=False
    )
    op.create_index(
        "ix_conversation_contact",
        "conversation",
        ["workspace_id", "contact_id", "created_at"],
        unique=False,
    )
    op.create_index(
        "ix_conversation_created", "conversation", ["workspace_id", "created_at"], unique=False
    )
    op.create_index(
        "ix_conversation_pending",
        "conversation",
        ["agency_id", "last_message_at", "id"],
        unique=False,
        postgresql_where=sa.text("status = 'pending'"),
    )
    op.create_index(
        "ix_conversation_queue",
        "conversation",
        ["workspace_id", "next_due_at", "id"],
        unique=False,
        postgresql_where=sa.text("is_open"),
    )
    op.create_index(
        "ix_conversation_recent",
        "conversation",
        ["workspace_id", "last_message_at", "id"],
        unique=False,
    )
    op.create_table(
        "member_session",
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("user_agent", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["agency_id", "member_id"],
            ["member.agency_id", "member.id"],
            name="fk_member_id_member",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("agency_id", "id", name=op.f("pk_member_session")),
        sa.UniqueConstraint(
            "agency_id", "token_hash", name=op.f("uq_member_session_agency_id_token_hash")
        ),
    )
    op.create_table(
        "mirror_object",
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("billing_account_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("object_id", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=True),
        sa.Column("livemode", sa.Boolean(), nullable=False),
        sa.Column("data", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["agency_id", "billing_account_id"],
            ["billing_account.agency_id", "billing_account.id"],
            name="fk_billing_account_id_billing_account",
        ),
        sa.PrimaryKeyConstraint("agency_id", "id", name=op.f("pk_mirror_object")),
        sa.UniqueConstraint(
            "agency_id",
            "billing_account_id",
            "object_id",
            name=op.f("uq_mirror_object_agency_id_billing_account_id_object_id"),
        ),
    )
    op.create_index(
        "ix_mirror_object_customer",
        "mirror_object",
        ["agency_id", "customer_id", "kind"],
        unique=False,
    )
    op.create_table(
        "opening_step",
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("opening_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('pending', 'done', 'failed')", name=op.f("ck_opening_step_state")
        ),
        sa.ForeignKeyConstraint(
            ["agency_id", "opening_id"],
            ["opening.agency_id", "opening.id"],
            name="fk_opening_id_opening",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("agency_id", "id", name=op.f("pk_opening_step")),
        sa.UniqueConstraint(
            "agency_id",
            "opening_id",
            "name",
            name=op.f("uq_opening_step_agency_id_opening_id_name"),
        ),
    )
    op.create_table(
        "raw_mail",
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("inbox_id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("envelope_from", sa.Text(), nullable=False),
        sa.Column("envelope_to", sa.Text(), nullable=False),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("sender", sa.Text(), nullable=True),
        sa.Column("dedupe_key", sa.Text(), nullable=True),
        sa.Column("conversation_id", sa.Uuid(), nullable=True),
        sa.Column("message_id", sa.Uuid(), nullable=True),
        sa.Column("duplicate_of_id", sa.Uuid(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.CheckConstraint("source IN ('smtp', 'import')", name=op.f("ck_raw_mail_source")),
        sa.CheckConstraint(
            "state IN ('stored', 'filed', 'duplicate', 'quarantined', 'discarded')",
            name=op.f("ck_raw_mail_state"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "inbox_id"],
            ["inbox.workspace_id", "inbox.id"],
            name="fk_inbox_id_inbox",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_raw_mail")),
        sa.UniqueConstraint(
            "workspace_id",
            "inbox_id",
            "dedupe_key",
            name=op.f("uq_raw_mail_workspace_id_inbox_id_dedupe_key"),
        ),
    )
    op.create_index(
        "ix_raw_mail_state", "raw_mail", ["workspace_id", "state", "arrived_at", "id"], unique=False
    )
    op.create_index(
        "ix_raw_mail_stored",
        "raw_mail",
        ["arrived_at"],
        unique=False,
        postgresql_where=sa.text("state = 'stored'"),
    )
    op.create_table(
        "report_delivery",
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_response", sa.Text(), nullable=True),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('queued', 'handing_over', 'accepted', 'refused', 'uncertain')",
            name=op.f("ck_report_delivery_state"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "report_id"],
            ["report.workspace_id", "report.id"],
            name="fk_report_id_report",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_report_delivery")),
        sa.UniqueConstraint(
            "workspace_id",
            "report_id",
            "recipient",
            name=op.f("uq_report_delivery_workspace_id_report_id_recipient"),
        ),
    )
    op.create_table(
        "sandbox_object",
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("billing_account_id", sa.Uuid(), nullable=False),
        sa.Column("object_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("data", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(
            ["agency_id", "billing_account_id"],
            ["billing_account.agency_id", "billing_account.id"],
            name="fk_billing_account_id_billing_account",
        ),
        sa.PrimaryKeyConstraint("agency_id", "id", name=op.f("pk_sandbox_object")),
        sa.UniqueConstraint(
            "agency_id",
            "billing_account_id",
            "object_id",
            name=op.f("uq_sandbox_object_agency_id_billing_account_id_object_id"),
        ),
    )
    op.create_index(
        "ix_sandbox_object_kind",
        "sandbox_object",
        ["agency_id", "billing_account_id", "kind", "position"],
        unique=False,
    )
    op.create_table(
        "scorecard_version",
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("scorecard_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("criteria", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("root_causes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("pass_mark", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["agency_id", "scorecard_id"],
            ["scorecard.agency_id", "scorecard.id"],
            name="fk_scorecard_id_scorecard",
        ),
        sa.PrimaryKeyConstraint("agency_id", "id", name=op.f("pk_scorecard_version")),
        sa.UniqueConstraint(
            "agency_id",
            "scorecard_id",
            "number",
            name=op.f("uq_scorecard_version_agency_id_scorecard_id_number"),
        ),
    )
    op.create_table(
        "stripe_event",
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("billing_account_id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("api_version", sa.Text(), nullable=True),
        sa.Column("livemode", sa.Boolean(), nullable=False),
        sa.Column("payload", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("followed_up_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('received', 'done', 'ignored')", name=op.f("ck_stripe_event_state")
        ),
        sa.ForeignKeyConstraint(
            ["agency_id", "billing_account_id"],
            ["billing_account.agency_id", "billing_account.id"],
            name="fk_billing_account_id_billing_account",
        ),
        sa.PrimaryKeyConstraint("agency_id", "id", name=op.f("pk_stripe_event")),
        sa.UniqueConstraint(
            "agency_id",
            "billing_account_id",
            "event_id",
            name=op.f("uq_stripe_event_agency_id_billing_account_id_event_id"),
        ),
    )
    op.create_table(
        "tier_version",
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tier_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("price_minor", sa.Integer(), nullable=False),
        sa.Column("set_up_fee_minor", sa.Integer(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("interval", sa.Text(), nullable=False),
        sa.Column("entitlements", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("effective_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("first_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("currency ~ '^[A-Z]{3}$'", name=op.f("ck_tier_version_currency")),
        sa.CheckConstraint("interval IN ('month', 'year')", name=op.f("ck_tier_version_interval")),
        sa.CheckConstraint("price_minor >= 0", name=op.f("ck_tier_version_price")),
        sa.CheckConstraint("set_up_fee_minor >= 0", name=op.f("ck_tier_version_set_up_fee")),
        sa.ForeignKeyConstraint(
            ["agency_id", "tier_id"], ["tier.agency_id", "tier.id"], name="fk_tier_id_tier"
        ),
        sa.PrimaryKeyConstraint("agency_id", "id", name=op.f("pk_tier_version")),
        sa.UniqueConstraint(
            "agency_id", "tier_id", "number", name=op.f("uq_tier_version_agency_id_tier_id_number")
        ),
    )
    op.create_table(
        "workspace",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_workspace_")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workspace")),
        sa.UniqueConstraint("agency_id", "id", name=op.f("uq_workspace_agency_id_id")),
        sa.UniqueConstraint("agency_id", "slug", name=op.f("uq_workspace_agency_id_slug")),
    )
    op.create_table(
        "workspace_role",
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("assigned_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "role IN ('owner', 'billing_admin', 'manager', 'qa_lead', 'qa_reviewer', 'l1_agent', 'pod_agent', 'pod_lead', 'client_admin', 'client_approver', 'client_viewer', 'client_billing')",
            name=op.f("ck_workspace_role_role"),
        ),
        sa.ForeignKeyConstraint(
            ["agency_id", "member_id"],
            ["member.agency_id", "member.id"],
            name="fk_member_id_member",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_workspace_role")),
        sa.UniqueConstraint(
            "workspace_id",
            "member_id",
            "role",
            name=op.f("uq_workspace_role_workspace_id_member_id_role"),
        ),
    )
    op.create_index(
        "ix_workspace_role_member", "workspace_role", ["agency_id", "member_id"], unique=False
    )
    op.create_table(
        "billing_customer",
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("billing_account_id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["agency_id", "billing_account_id"],
            ["billing_account.agency_id", "billing_account.id"],
            name="fk_billing_account_id_billing_account",
        ),
        sa.ForeignKeyConstraint(
            ["agency_id", "client_id"],
            ["workspace.agency_id", "workspace.id"],
            name="fk_client_id_workspace",
        ),
        sa.PrimaryKeyConstraint("agency_id", "id", name=op.f("pk_billing_customer")),
        sa.UniqueConstraint(
            "agency_id", "billing_account_id", "client_id", name="uq_billing_customer_client"
        ),
        sa.UniqueConstraint(
            "agency_id", "billing_account_id", "customer_id", name="uq_billing_customer_customer"
        ),
    )
    op.create_table(
        "contract",
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tier_version_id", sa.Uuid(), nullable=False),
        sa.Column("overrides", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["agency_id", "tier_version_id"],
            ["tier_version.agency_id", "tier_version.id"],
            name="fk_tier_version_id_tier_version",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_contract")),
    )
    op.create_index(
        "uq_contract_open",
        "contract",
        ["workspace_id"],
        unique=True,
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_table(
        "draft",
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "conversation_id"],
            ["conversation.workspace_id", "conversation.id"],
            name="fk_conversation_id_conversation",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_draft")),
        sa.UniqueConstraint(
            "workspace_id",
            "conversation_id",
            "member_id",
            name=op.f("uq_draft_workspace_id_conversation_id_member_id"),
        ),
    )
    op.create_table(
        "escalation",
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("pod_id", sa.Uuid(), nullable=False),
        sa.Column("packet", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("escalated_by_id", sa.Uuid(), nullable=False),
        sa.Column("escalated_by_name", sa.Text(), nullable=False),
        sa.Column("escalated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_by_id", sa.Uuid(), nullable=True),
        sa.Column("accepted_by_name", sa.Text(), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("handed_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("hand_back_note", sa.Text(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id", "conversation_id"],
            ["conversation.workspace_id", "conversation.id"],
            name="fk_conversation_id_conversation",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "pod_id"], ["pod.workspace_id", "pod.id"], name="fk_pod_id_pod"
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_escalation")),
    )
    op.create_index(
        "ix_escalation_conversation",
        "escalation",
        ["workspace_id", "conversation_id"],
        unique=False,
    )
    op.create_index(
        "uq_escalation_open",
        "escalation",
        ["workspace_id", "conversation_id"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "host",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(kind = 'brand') = (workspace_id IS NOT NULL)", name=op.f("ck_host_brand_workspace")
        ),
        sa.CheckConstraint("kind IN ('agency', 'portal', 'brand')", name=op.f("ck_host_kind")),
        sa.ForeignKeyConstraint(
            ["agency_id", "workspace_id"],
            ["workspace.agency_id", "workspace.id"],
            name="fk_host_workspace",
        ),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_host_")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_host")),
        sa.UniqueConstraint("name", name=op.f("uq_host_name")),
    )
    op.create_table(
        "message",
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("inbox_id", sa.Uuid(), nullable=False),
        sa.Column("author_kind", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("author_name", sa.Text(), nullable=False),
        sa.Column("author_email", sa.Text(), nullable=True),
        sa.Column("is_note", sa.Boolean(), nullable=False),
        sa.Column("is_automatic", sa.Boolean(), nullable=False),
        sa.Column("is_unverified", sa.Boolean(), nullable=False),
        sa.Column("body_text", sa.Text(), nullable=False),
        sa.Column("visible_text", sa.Text(), nullable=False),
        sa.Column("body_html", sa.Text(), nullable=True),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("external_id", sa.Text(), nullable=True),
        sa.Column("mail_id", sa.Text(), nullable=True),
        sa.Column("mail_id_hash", sa.Text(), nullable=True),
        sa.Column("raw_digest", sa.Text(), nullable=True),
        sa.Column("threaded_by", sa.Text(), nullable=True),
        sa.Column("macro_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "NOT (is_note AND author_kind = 'contact')", name=op.f("ck_message_notes_are_ours")
        ),
        sa.CheckConstraint(
            "author_kind IN ('contact', 'agent', 'system')", name=op.f("ck_message_author_kind")
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "conversation_id"],
            ["conversation.workspace_id", "conversation.id"],
            name="fk_conversation_id_conversation",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "inbox_id"],
            ["inbox.workspace_id", "inbox.id"],
            name="fk_inbox_id_inbox",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_message")),
        sa.UniqueConstraint(
            "workspace_id",
            "inbox_id",
            "external_id",
            name=op.f("uq_message_workspace_id_inbox_id_external_id"),
        ),
    )
    op.create_index("ix_message_mail_id", "message", ["workspace_id", "mail_id_hash"], unique=False)
    op.create_index(
        "ix_message_transcript",
        "message",
        ["workspace_id", "conversation_id", "created_at", "id"],
        unique=False,
    )
    op.create_table(
        "review",
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("sample_id", sa.Uuid(), nullable=False),
        sa.Column("scorecard_version_id", sa.Uuid(), nullable=False),
        sa.Column("stream", sa.Text(), nullable=False),
        sa.Column("draw_reasons", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("reviewee_id", sa.Uuid(), nullable=False),
        sa.Column("reviewee_name", sa.Text(), nullable=False),
        sa.Column("reviewer_id", sa.Uuid(), nullable=True),
        sa.Column("reviewer_name", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("answers", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("score", sa.Double(), nullable=True),
        sa.Column("failed_critical", sa.Boolean(), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('drawn', 'draft', 'published')", name=op.f("ck_review_state")
        ),
        sa.CheckConstraint(
            "reviewer_id IS DISTINCT FROM reviewee_id", name=op.f("ck_review_not_own")
        ),
        sa.ForeignKeyConstraint(
            ["agency_id", "scorecard_version_id"],
            ["scorecard_version.agency_id", "scorecard_version.id"],
            name="fk_scorecard_version_id_scorecard_version",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "conversation_id"],
            ["conversation.workspace_id", "conversation.id"],
            name="fk_conversation_id_conversation",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "sample_id"],
            ["sample.workspace_id", "sample.id"],
            name="fk_sample_id_sample",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_review")),
        sa.UniqueConstraint(
            "workspace_id",
            "sample_id",
            "conversation_id",
            "reviewee_id",
            name=op.f("uq_review_workspace_id_sample_id_conversation_id_reviewee_id"),
        ),
    )
    op.create_index("ix_review_published", "review", ["workspace_id", "published_at"], unique=False)
    op.create_index("ix_review_reviewee", "review", ["reviewee_id", "published_at"], unique=False)
    op.create_index("ix_review_state", "review", ["workspace_id", "state", "due_at"], unique=False)
    op.create_table(
        "sla_clock",
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("calendar_id", sa.Uuid(), nullable=False),
        sa.Column("policy_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("target_minutes", sa.Integer(), nullable=False),
        sa.Column("at_risk_share", sa.Double(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("pauses", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("at_risk_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("met_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("breached_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("at_risk_recorded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("excluded_reason", sa.Text(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind IN ('first_response', 'resolution', 'pod_accept')", name=op.f("ck_sla_clock_kind")
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "calendar_id"],
            ["calendar_version.workspace_id", "calendar_version.id"],
            name="fk_calendar_id_calendar_version",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "conversation_id"],
            ["conversation.workspace_id", "conversation.id"],
            name="fk_conversation_id_conversation",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "policy_id"],
            ["sla_policy_version.workspace_id", "sla_policy_version.id"],
            name="fk_policy_id_sla_policy_version",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_sla_clock")),
    )
    op.create_index(
        "ix_sla_clock_conversation", "sla_clock", ["workspace_id", "conversation_id"], unique=False
    )
    op.create_index(
        "ix_sla_clock_next",
        "sla_clock",
        ["next_at"],
        unique=False,
        postgresql_where=sa.text("next_at IS NOT NULL"),
    )
    op.create_index(
        "ix_sla_clock_started", "sla_clock", ["workspace_id", "kind", "started_at"], unique=False
    )
    op.create_table(
        "theme_version",
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("tokens", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["agency_id", "workspace_id"],
            ["workspace.agency_id", "workspace.id"],
            name=op.f("fk_theme_version_workspace_id"),
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_theme_version")),
        sa.UniqueConstraint(
            "workspace_id", "number", name=op.f("uq_theme_version_workspace_id_number")
        ),
    )
    op.create_table(
        "attachment",
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("filename", sa.Text(), nullable=False),
        sa.Column("content_type", sa.Text(), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("content_id", sa.Text(), nullable=True),
        sa.Column("is_inline", sa.Boolean(), nullable=False),
        sa.Column("is_blocked", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "message_id"],
            ["message.workspace_id", "message.id"],
            name="fk_message_id_message",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_attachment")),
    )
    op.create_index(
        "ix_attachment_message", "attachment", ["workspace_id", "message_id"], unique=False
    )
    op.create_table(
        "checkout",
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.Column("billing_account_id", sa.Uuid(), nullable=False),
        sa.Column("tier_version_id", sa.Uuid(), nullable=False),
        sa.Column("idempotency_key", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("session_id", sa.Text(), nullable=True),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('open', 'complete', 'expired')", name=op.f("ck_checkout_state")
        ),
        sa.ForeignKeyConstraint(
            ["agency_id", "billing_account_id"],
            ["billing_account.agency_id", "billing_account.id"],
            name="fk_billing_account_id_billing_account",
        ),
        sa.ForeignKeyConstraint(
            ["agency_id", "tier_version_id"],
            ["tier_version.agency_id", "tier_version.id"],
            name="fk_tier_version_id_tier_version",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "contract_id"],
            ["contract.workspace_id", "contract.id"],
            name="fk_contract_id_contract",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_checkout")),
        sa.UniqueConstraint(
            "workspace_id", "idempotency_key", name=op.f("uq_checkout_workspace_id_idempotency_key")
        ),
    )
    op.create_index(
        "uq_checkout_open",
        "checkout",
        ["workspace_id"],
        unique=True,
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "delivery",
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_response", sa.Text(), nullable=True),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("handed_over_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('queued', 'handing_over', 'accepted', 'refused', 'uncertain', 'bounced')",
            name=op.f("ck_delivery_state"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "message_id"],
            ["message.workspace_id", "message.id"],
            name="fk_message_id_message",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_delivery")),
        sa.UniqueConstraint(
            "workspace_id",
            "message_id",
            "recipient",
            name=op.f("uq_delivery_workspace_id_message_id_recipient"),
        ),
    )
    op.create_index("ix_delivery_message", "delivery", ["workspace_id", "message_id"], unique=False)
    op.create_index(
        "ix_delivery_underway",
        "delivery",
        ["queued_at"],
        unique=False,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    # ### end Alembic commands ###
    for statement in WALLS:
        op.execute(statement)
    op.execute(FREEZE)


def downgrade() -> None:
    """Drop everything, children first."""
    for table in reversed(TABLES):
        op.drop_table(table)
    op.execute("DROP FUNCTION keep_used_tier_version")
