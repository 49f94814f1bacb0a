"""What stands in the rail of every agency screen: the same few entries, by permission."""

from tenants.errors import NotAllowed
from tenants.members.session import current_access
from tenants.permissions import Permission
from themes.page import NavItem

_ENTRIES: tuple[tuple[str, str, str, Permission], ...] = (
    ("queue", "Queue", "inbox", Permission.CONVERSATIONS_READ),
    ("quality", "Quality", "clipboard-check", Permission.REVIEWS_READ),
    ("clients", "Clients", "store", Permission.WORKSPACES_READ),
    ("reports", "Reports", "chart-column", Permission.REPORTS_READ),
    ("quarantine", "Quarantine", "shield", Permission.QUARANTINE_READ),
)


def nav_items(current: str = "") -> list[NavItem]:
    """The entries this member may use, each at /<name>; `current` is the name of the one shown."""
    access = current_access()
    return [
        NavItem(label, f"/{name}", icon, current=name == current)
        for name, label, icon, permission in _ENTRIES
        if access.may(permission)
    ]


def home_path() -> str:
    """Where this member's day begins. Raises: NotAllowed for somebody without any work here."""
    access = current_access()
    if access.may(Permission.WORKSPACES_READ):
        return "/clients"
    if access.may(Permission.CONVERSATIONS_CLAIM):
        return "/queue"
    for name, _, _, permission in _ENTRIES[1:]:
        if access.may(permission):
            return f"/{name}"
    raise NotAllowed
