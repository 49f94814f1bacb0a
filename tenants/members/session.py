"""Who is at the other end of this request."""

from typing import cast

from flask import g

from tenants.errors import NotSignedIn
from tenants.members.access import Access


def set_current_access(access: Access | None) -> None:
    """Remember the access resolved for this request."""
    g.access = access


def find_current_access() -> Access | None:
    """The access of this request, if somebody is signed in."""
    return cast("Access | None", g.get("access"))


def current_access() -> Access:
    """The access of this request. Raises: NotSignedIn."""
    access = find_current_access()
    if access is None:
        raise NotSignedIn
    return access
