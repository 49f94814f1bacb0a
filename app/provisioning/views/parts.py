"""The five steps in which something is chosen."""

from datetime import date
from typing import Any, Unpack
from uuid import UUID

from flask import Response, current_app, request
from werkzeug.wrappers import Response as BaseResponse

from app.forms import form as form_of
from app.provisioning.blueprints.shelf import get_blueprint
from app.provisioning.choices import (
    ChannelsChoices,
    Colours,
    Holiday,
    LookChoices,
    Reach,
    ServiceChoices,
    choices_of,
    logo_as_choice,
    theme_of,
)
from app.provisioning.closed_days import countries, propose_holidays
from app.provisioning.contrast import shown_pairs
from app.provisioning.fit import misfits
from app.provisioning.operations import (
    choose_brand,
    choose_channels,
    choose_look,
    choose_service,
    choose_tier,
)
from app.provisioning.queries import get_opening
from app.provisioning.schemas import (
    CONTACT_ROLES,
    RADII,
    BrandForm,
    ChannelsForm,
    LookForm,
    ServiceForm,
    TierForm,
)
from app.provisioning.time_zones import time_zones
from app.provisioning.values import (
    brand_values,
    channels_values,
    look_values,
    service_values,
    tier_values,
)
from app.provisioning.views.blueprint import bp, page, to_part
from app.sla.business_hours import WEEKDAYS
from billing.tiers.queries import list_current_tier_versions
from tenants.db import utc_now
from tenants.permissions import Permission, requires
from tenants.workspaces.queries import get_agency
from themes.forms import Form
from themes.logos import store_logo


@bp.get("/<uuid:opening_id>/brand")
@requires(Permission.WORKSPACES_OPEN)
def show_brand(opening_id: UUID, form: Form | None = None) -> Response:
    """Step 1."""
    opening = get_opening(opening_id)
    form = form or Form(values=brand_values(opening))
    return page("brand.html", opening, at="brand", form=form, base_domain=_base_domain())


@bp.post("/<uuid:opening_id>/brand")
@requires(Permission.WORKSPACES_OPEN)
@form_of(BrandForm, again=show_brand)
def save_brand(opening_id: UUID, name: str, slug: str, signature: str) -> BaseResponse:
    """Keep step 1."""
    opening = get_opening(opening_id)
    choose_brand(
        opening,
        name=name,
        slug=slug,
        signature=signature,
        base_domain=_base_domain(),
        now=utc_now(),
    )
    return to_part("look", opening)


@bp.get("/<uuid:opening_id>/look")
@requires(Permission.WORKSPACES_OPEN)
def show_look(opening_id: UUID, form: Form | None = None) -> Response:
    """Step 2."""
    opening = get_opening(opening_id)
    return page(
        "look.html",
        opening,
        at="look",
        form=_with_lost_logo(form) if form else Form(values=look_values(opening)),
        radii=RADII,
        logo=theme_of(opening).logo,
        pairs=shown_pairs(theme_of(opening)),
    )


@bp.post("/<uuid:opening_id>/look")
@requires(Permission.WORKSPACES_OPEN)
@form_of(LookForm, again=show_look)
def save_look(
    opening_id: UUID,
    without_logo: bool,  # noqa: FBT001 - a box of the form
    **look: Unpack[Colours],
) -> BaseResponse:
    """Keep step 2; a new logo replaces the old one."""
    opening = get_opening(opening_id)
    kept = choices_of(opening).get("look")
    logo = _uploaded_logo() or (kept["logo"] if kept and not without_logo else None)
    choose_look(opening, LookChoices(**look, logo=logo), now=utc_now())
    return to_part("channels", opening)


@bp.get("/<uuid:opening_id>/channels")
@requires(Permission.WORKSPACES_OPEN)
def show_channels(opening_id: UUID, form: Form | None = None) -> Response:
    """Step 3."""
    opening = get_opening(opening_id)
    values = channels_values(opening, time_zone=get_agency().time_zone)
    channels = choices_of(opening).get("channels")
    return page(
        "channels.html",
        opening,
        at="channels",
        form=form or Form(values=values),
        weekdays=WEEKDAYS,
        time_zones=time_zones(),
        countries=countries(),
        proposed=_days(_holidays_of(channels["holidays_country"], None)) if channels else [],
        proposed_country=channels["holidays_country"] if channels else "",
        kept={day["date"] for day in channels["holidays"]} if channels else set(),
    )


@bp.post("/<uuid:opening_id>/channels")
@requires(Permission.WORKSPACES_OPEN)
@form_of(ChannelsForm, again=show_channels)
def save_channels(
    opening_id: UUID, proposed_country: str, holidays: list[date], **chosen: Unpack[Reach]
) -> BaseResponse:
    """Keep step 3; another country brings its own holidays, shown once more to be checked."""
    opening = get_opening(opening_id)
    country = chosen["holidays_country"]
    is_new_country = bool(country) and country != proposed_country
    kept = None if is_new_country else {day.isoformat() for day in holidays}
    channels = ChannelsChoices(**chosen, holidays=_holidays_of(country, kept))
    choose_channels(opening, channels, base_domain=_base_domain(), now=utc_now())
    return to_part("channels" if is_new_country else "service", opening)


@bp.get("/<uuid:opening_id>/service")
@requires(Permission.WORKSPACES_OPEN)
def show_service(opening_id: UUID, form: Form | None = None) -> Response:
    """Step 4."""
    opening = get_opening(opening_id)
    return page(
        "service.html",
        opening,
        at="service",
        form=form or Form(values=service_values(opening)),
        policies=get_blueprint(opening.blueprint, opening.blueprint_version).policies,
        contact_roles=CONTACT_ROLES,
    )


@bp.post("/<uuid:opening_id>/service")
@requires(Permission.WORKSPACES_OPEN)
@form_of(ServiceForm, again=show_service)
def save_service(opening_id: UUID, **service: Unpack[ServiceChoices]) -> BaseResponse:
    """Keep step 4."""
    opening = get_opening(opening_id)
    choose_service(opening, service, now=utc_now())
    return to_part("tier", opening)


@bp.get("/<uuid:opening_id>/tier")
@requires(Permission.WORKSPACES_OPEN)
def show_tier(opening_id: UUID, form: Form | None = None) -> Response:
    """Step 5."""
    opening = get_opening(opening_id)
    versions = list_current_tier_versions(now=utc_now())
    return page(
        "tier.html",
        opening,
        at="tier",
        form=form or Form(values=tier_values(opening)),
        tiers=[(version, misfits(choices_of(opening), version)) for version in versions],
    )


@bp.post("/<uuid:opening_id>/tier")
@requires(Permission.WORKSPACES_OPEN)
@form_of(TierForm, again=show_tier)
def save_tier(opening_id: UUID, tier_version_id: UUID) -> BaseResponse:
    """Keep step 5."""
    opening = get_opening(opening_id)
    choose_tier(opening, tier_version_id=tier_version_id, now=utc_now())
    return to_part("check", opening)


def _base_domain() -> str:
    domain: str = current_app.extensions["settings"].base_domain
    return domain


def _with_lost_logo(form: Form) -> Form:
    """A browser does not send a chosen file twice, so say that it has to be chosen again."""
    upload = request.files.get("logo")
    if upload is None or not upload.filename or form.error("logo"):
        return form
    lost = f"Choose {upload.filename} again: files are kept once the rest is right."
    return Form(values=form.values, errors={**form.errors, "logo": lost})


def _uploaded_logo() -> dict[str, Any] | None:
    upload = request.files.get("logo")
    if upload is None or not upload.filename:
        return None
    return logo_as_choice(store_logo(upload.read()))


def _holidays_of(country: str, kept: set[str] | None) -> list[Holiday]:
    """The country's holidays ahead; with `kept`, only those days."""
    if not country:
        return []
    proposed = propose_holidays(country, today=utc_now().date())
    return [holiday for holiday in proposed if kept is None or holiday["date"] in kept]


def _days(proposed: list[Holiday]) -> list[tuple[date, str]]:
    return [(date.fromisoformat(holiday["date"]), holiday["name"]) for holiday in proposed]
