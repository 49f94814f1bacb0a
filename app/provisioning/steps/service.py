"""Steps: contract, business hours, promises, pod and reports."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from app.escalations.models import Pod
from app.provisioning.blueprints.shelf import get_blueprint
from app.provisioning.choices import calendar_of, choices_of
from app.provisioning.fit import require_fit
from app.provisioning.models import Opening
from app.reports.models import ReportSchedule
from app.reports.periods import next_report_at
from app.sla.models import CalendarVersion, PolicyVersion
from app.sla.operations import publish_calendar, publish_policy
from billing.contracts.operations import open_contract
from billing.contracts.queries import find_contract
from billing.entitlements import Key
from billing.tiers.queries import get_tier_version
from tenants.db import db
from tenants.ledger import record


def ensure_contract(opening: Opening, *, now: datetime) -> None:
    """The contract on the chosen tier: a draft until it is paid."""
    if find_contract(opening.new_workspace_id) is not None:
        return
    chosen = UUID(choices_of(opening)["tier"]["tier_version_id"])
    open_contract(opening.new_workspace_id, tier_version=get_tier_version(chosen), now=now)


def ensure_calendar(opening: Opening, *, now: datetime) -> None:
    """The hours its clocks count in. Raises: LimitReached beyond the tier's staffed hours."""
    if db.session.scalar(sa.select(CalendarVersion.id).limit(1)) is not None:
        return
    require_fit(opening, Key.COVERAGE_HOURS, now=now)
    publish_calendar(
        workspace_id=opening.new_workspace_id,
        calendar=calendar_of(choices_of(opening)["channels"]),
        valid_from=now,
        now=now,
    )


def ensure_policy(opening: Opening, *, now: datetime) -> None:
    """What is promised, from the blueprint. Raises: LimitReached for a policy above the tier."""
    if db.session.scalar(sa.select(PolicyVersion.id).limit(1)) is not None:
        return
    require_fit(opening, Key.SLA_POLICY, now=now)
    blueprint = get_blueprint(opening.blueprint, opening.blueprint_version)
    policy = blueprint.policy(choices_of(opening)["service"]["policy"])
    publish_policy(
        workspace_id=opening.new_workspace_id,
        name=policy.name,
        targets=[
            {
                "channel": None,
                "topic": target.topic,
                "first_response_minutes": target.first_response_minutes,
                "resolution_minutes": target.resolution_minutes,
            }
            for target in policy.targets
        ],
        at_risk_share=blueprint.at_risk_share,
        valid_from=now,
        now=now,
    )


def ensure_pod(opening: Opening, *, now: datetime) -> None:
    """The pod that takes what L1 hands up; its people are named later."""
    if db.session.scalar(sa.select(Pod.id).limit(1)) is not None:
        return
    blueprint = get_blueprint(opening.blueprint, opening.blueprint_version)
    pod = Pod(
        workspace_id=opening.new_workspace_id,
        name=f"{choices_of(opening)['brand']['name']} pod",
        accept_minutes=blueprint.pod_accept_minutes,
        created_at=now,
    )
    db.session.add(pod)
    record("pod.opened", pod, at=now)


def ensure_report_schedule(opening: Opening, *, now: datetime) -> None:
    """Which report goes out when, and to whom. Raises: LimitReached for a rhythm above the tier."""
    if db.session.scalar(sa.select(ReportSchedule.id).limit(1)) is not None:
        return
    require_fit(opening, Key.REPORT_CADENCE, now=now)
    choices = choices_of(opening)
    service = choices["service"]
    schedule = ReportSchedule(
        workspace_id=opening.new_workspace_id,
        cadence=service["cadence"],
        recipients=service["recipients"],
        next_at=next_report_at(service["cadence"], choices["channels"]["time_zone"], now=now),
        created_at=now,
    )
    db.session.add(schedule)
    record("report_schedule.opened", schedule, at=now, data={"cadence": schedule.cadence})
