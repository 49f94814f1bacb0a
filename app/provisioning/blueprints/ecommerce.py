"""The first blueprint: support for an online shop.

Targets: starting values from reference "metrics", default targets. The scorecard is the agency's
own and comes from `app.quality`.
"""

from app.provisioning.blueprints.ecommerce_macros import MACROS
from app.provisioning.blueprints.form import Blueprint, Policy, Target

HOUR = 60
DAY = 9 * HOUR  # a working day of nine open hours

POLICIES = (
    Policy(
        "standard",
        "Standard",
        "A first answer within 4 open hours, solved within 2 working days.",
        (
            Target("cancellation", 2 * HOUR, DAY),
            Target("address_change", 2 * HOUR, DAY),
            Target("damaged_item", 2 * HOUR, 2 * DAY),
            Target("missing_item", 2 * HOUR, 2 * DAY),
            Target(None, 4 * HOUR, 2 * DAY),
        ),
    ),
    Policy(
        "priority",
        "Priority",
        "A first answer within 2 open hours, solved within a working day.",
        (
            Target("cancellation", HOUR, 4 * HOUR),
            Target("address_change", HOUR, 4 * HOUR),
            Target("damaged_item", HOUR, DAY),
            Target("missing_item", HOUR, DAY),
            Target(None, 2 * HOUR, DAY),
        ),
    ),
    Policy(
        "premium",
        "Premium",
        "A first answer within an open hour, solved within 6 open hours.",
        (
            Target("cancellation", 30, 2 * HOUR),
            Target("address_change", 30, 2 * HOUR),
            Target("damaged_item", 30, 4 * HOUR),
            Target("missing_item", 30, 4 * HOUR),
            Target(None, HOUR, 6 * HOUR),
        ),
    ),
)

ECOMMERCE = Blueprint(
    name="ecommerce",
    version=1,
    policies=POLICIES,
    macros=MACROS,
    week=dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday"), "09:00–18:00"),
    at_risk_share=0.8,
    pod_accept_minutes=60,
    reopen_days=14,
)
