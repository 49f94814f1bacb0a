"""Who may do what: one enum of permissions, one table role x permission, one mark per view."""

from collections.abc import Callable
from enum import StrEnum
from typing import Literal, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

HostKind = Literal["agency", "portal", "brand", "any"]


class Permission(StrEnum):
    """What a view asks for.

    FILES are the same for everybody: nobody is looked up and no data is read. PUBLIC and SIGNED_IN
    are held by everybody, and by every member.
    """

    FILES = "files"
    PUBLIC = "public"
    SIGNED_IN = "signed_in"
    CONVERSATIONS_READ = "conversations.read"
    CONVERSATIONS_REPLY = "conversations.reply"
    CONVERSATIONS_CLAIM = "conversations.claim"
    ESCALATIONS_ACCEPT = "escalations.accept"
    QUARANTINE_READ = "quarantine.read"
    QUARANTINE_RELEASE = "quarantine.release"
    MACROS_EDIT = "macros.edit"
    REVIEWS_READ = "reviews.read"
    REVIEWS_SCORE = "reviews.score"
    SAMPLES_DRAW = "samples.draw"
    REPORTS_READ = "reports.read"
    REPORTS_CREATE = "reports.create"
    PORTAL_READ = "portal.read"
    WORKSPACES_READ = "workspaces.read"
    WORKSPACES_OPEN = "workspaces.open"
    MEMBERS_READ = "members.read"
    THEMES_EDIT = "themes.edit"
    BILLING_READ = "billing.read"
    BILLING_MANAGE = "billing.manage"


class Role(StrEnum):
    """What a member is, for the whole agency or for one workspace."""

    OWNER = "owner"
    BILLING_ADMIN = "billing_admin"
    MANAGER = "manager"
    QA_LEAD = "qa_lead"
    QA_REVIEWER = "qa_reviewer"
    L1_AGENT = "l1_agent"
    POD_AGENT = "pod_agent"
    POD_LEAD = "pod_lead"
    CLIENT_ADMIN = "client_admin"
    CLIENT_APPROVER = "client_approver"
    CLIENT_VIEWER = "client_viewer"
    CLIENT_BILLING = "client_billing"

    @property
    def is_client(self) -> bool:
        """Whether this is a person of the client brand, not of the agency."""
        return self.value.startswith("client_")

    @property
    def label(self) -> str:
        """The role in words."""
        words = self.value.replace("_", " ").replace("l1", "L1").replace("qa", "QA")
        return words[0].upper() + words[1:]


_WORK = {
    Permission.CONVERSATIONS_READ,
    Permission.CONVERSATIONS_REPLY,
    Permission.CONVERSATIONS_CLAIM,
    Permission.REVIEWS_READ,
}
_QA = {Permission.CONVERSATIONS_READ, Permission.REVIEWS_READ, Permission.REVIEWS_SCORE}
_MANAGE = _WORK | {
    Permission.ESCALATIONS_ACCEPT,
    Permission.QUARANTINE_READ,
    Permission.QUARANTINE_RELEASE,
    Permission.MACROS_EDIT,
    Permission.REPORTS_READ,
    Permission.REPORTS_CREATE,
    Permission.WORKSPACES_READ,
    Permission.WORKSPACES_OPEN,
    Permission.MEMBERS_READ,
    Permission.THEMES_EDIT,
}
_BILLING = {Permission.BILLING_READ, Permission.BILLING_MANAGE}
_PORTAL = {Permission.PORTAL_READ}

ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.OWNER: frozenset(_MANAGE | _BILLING | {Permission.SAMPLES_DRAW}),
    Role.BILLING_ADMIN: frozenset(_BILLING | {Permission.WORKSPACES_READ}),
    Role.MANAGER: frozenset(_MANAGE | {Permission.SAMPLES_DRAW}),
    Role.QA_LEAD: frozenset(
        _QA | {Permission.SAMPLES_DRAW, Permission.REPORTS_READ, Permission.REPORTS_CREATE}
    ),
    Role.QA_REVIEWER: frozenset(_QA),
    Role.L1_AGENT: frozenset(_WORK),
    Role.POD_AGENT: frozenset(_WORK | {Permission.ESCALATIONS_ACCEPT}),
    Role.POD_LEAD: frozenset(_WORK | {Permission.ESCALATIONS_ACCEPT, Permission.QUARANTINE_READ}),
    Role.CLIENT_ADMIN: frozenset(_PORTAL),
    Role.CLIENT_APPROVER: frozenset(_PORTAL),
    Role.CLIENT_VIEWER: frozenset(_PORTAL),
    Role.CLIENT_BILLING: frozenset(_PORTAL),
}


def permissions_of(roles: frozenset[Role]) -> frozenset[Permission]:
    """Everything these roles may do together."""
    held = {Permission.FILES, Permission.PUBLIC, Permission.SIGNED_IN}
    return frozenset(held.union(*(ROLE_PERMISSIONS[role] for role in roles)))


def requires(permission: Permission) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Mark a view with the one permission it needs; `app/doors.py` asks for it on each request."""

    def mark(view: Callable[P, R]) -> Callable[P, R]:
        view.permission = permission  # type: ignore[attr-defined]
        return view

    return mark


def permission_of(view: Callable[..., object]) -> Permission | None:
    """The permission a view is marked with, if any."""
    return getattr(view, "permission", None)
