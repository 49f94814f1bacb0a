"""Steps: the workspace, its host, its look, its mail address and how its replies are treated."""

from datetime import datetime

import sqlalchemy as sa

from app.channels.operations import open_inbox
from app.channels.queries import find_inbox_by_address, list_inboxes
from app.conversations.models import ConversationSettings
from app.provisioning.blueprints.shelf import get_blueprint
from app.provisioning.choices import choices_of, theme_of
from app.provisioning.errors import AddressInUse
from app.provisioning.models import Opening
from tenants.db import db
from tenants.hosts.models import Host
from tenants.hosts.operations import add_host
from tenants.workspaces.models import Workspace
from tenants.workspaces.operations import open_workspace
from themes.models import ThemeVersion
from themes.operations import publish_theme


def ensure_workspace(opening: Opening, *, now: datetime) -> None:
    """The brand's desk; what was corrected after a refusal is corrected here too."""
    choices = choices_of(opening)
    brand, zone = choices["brand"], choices["channels"]["time_zone"]
    workspace = db.session.scalar(
        sa.select(Workspace).where(Workspace.id == opening.new_workspace_id)
    )
    if workspace is None:
        open_workspace(
            opening.new_workspace_id,
            slug=brand["slug"],
            name=brand["name"],
            time_zone=zone,
            now=now,
        )
        return
    workspace.slug, workspace.name, workspace.time_zone = brand["slug"], brand["name"], zone


def ensure_host(opening: Opening, *, now: datetime) -> None:
    """The brand's own host. Raises: HostTaken."""
    name = choices_of(opening)["brand"]["host"]
    known = db.session.scalar(
        sa.select(Host.id).where(Host.workspace_id == opening.new_workspace_id, Host.name == name)
    )
    if known is None:
        add_host(name, "brand", workspace_id=opening.new_workspace_id, now=now)


def ensure_look(opening: Opening, *, now: datetime) -> None:
    """The first published theme: live on page, mail and document with this transaction."""
    published = db.session.scalar(sa.select(ThemeVersion.id).limit(1))
    if published is None:
        publish_theme(opening.new_workspace_id, theme_of(opening), by=db.scope.actor, now=now)


def require_free_address(opening: Opening) -> None:
    """Refuse an address that another brand, of whatever agency, receives at. In system work.

    Raises: AddressInUse.
    """
    address = choices_of(opening)["channels"]["address"]
    inbox = find_inbox_by_address(address)
    if inbox is not None and inbox.workspace_id != opening.new_workspace_id:
        raise AddressInUse(field="address")


def ensure_inbox(opening: Opening, *, now: datetime) -> None:
    """Where shoppers write to."""
    choices = choices_of(opening)
    address = choices["channels"]["address"]
    if any(inbox.address == address for inbox in list_inboxes(opening.new_workspace_id)):
        return
    open_inbox(
        workspace_id=opening.new_workspace_id,
        address=address,
        name=choices["brand"]["name"],
        now=now,
    )


def ensure_settings(opening: Opening, *, now: datetime) -> None:  # noqa: ARG001 - a step's shape
    """When a closed conversation may reopen, and what stands under a reply."""
    if db.session.scalar(sa.select(ConversationSettings.id).limit(1)) is not None:
        return
    blueprint = get_blueprint(opening.blueprint, opening.blueprint_version)
    db.session.add(
        ConversationSettings(
            workspace_id=opening.new_workspace_id,
            reopen_days=blueprint.reopen_days,
            signature=theme_of(opening).signature,
            policy={},
        )
    )
