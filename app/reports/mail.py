"""The mail that brings a report: in the agency's name and look, the document attached."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from app.channels.email.compose import File, Outgoing
from app.channels.email.incoming import Mailbox
from app.reports.facts import Facts
from app.reports.links import link_to
from app.reports.models import Report, ReportDelivery
from app.reports.periods import Period
from app.reports.queries.looks import agency_look
from app.reports.summary import Summary, summarise
from tenants.blobs import get_blob
from tenants.db import db
from tenants.hosts.queries import canonical_host
from tenants.members.models import AgencyRole, Member
from tenants.permissions import Role
from themes.logos import logo_url
from themes.mail import RenderedMail, render_mail
from themes.tokens import Theme

_MAILBOX = "reports"


def write_mail(report: Report, delivery: ReportDelivery, *, now: datetime) -> Outgoing:
    """The mail of one report to one recipient; its Message-ID is the same each time."""
    theme, host = agency_look(), canonical_host("agency")
    portal = canonical_host("portal")
    facts = Facts.from_json(report.facts)
    subject = f"Service report {facts.client}, {facts.current.period.words}"
    bodies = compose_bodies(
        facts,
        theme,
        subject=subject,
        url=link_to(portal, f"/documents/{report.id}"),
        logo_src=link_to(portal, logo_url(theme.logo.mail)) if theme.logo else None,
    )
    sender = Mailbox(f"{_MAILBOX}@{host}", theme.name)
    return Outgoing(
        sender=sender,
        recipient=Mailbox(delivery.recipient),
        reply_to=_answers_to(report) or sender.address,
        message_id=f"<{delivery.id.hex}@{host}>",
        subject=subject,
        date=now,
        text=bodies.text,
        html=bodies.html,
        files=(File(file_name(report), "application/pdf", get_blob(str(report.pdf_digest))),),
        automatic=True,
    )


def compose_bodies(
    facts: Facts, theme: Theme, *, subject: str, url: str, logo_src: str | None = None
) -> RenderedMail:
    """Both bodies: three numbers, the way to the portal."""
    summary: Summary = summarise(facts)
    return render_mail(
        "reports/mail/ready",
        theme,
        logo_src=logo_src,
        subject=subject,
        client=facts.client,
        period=facts.current.period.words,
        lead=summary.lead,
        headlines=summary.headlines,
        url=url,
    )


def file_name(report: Report) -> str:
    """'Acme-service-report-2026-10.pdf': the client's name and the period, nobody else's."""
    client = "-".join(str(report.facts["client"]).split())
    safe = "".join(letter for letter in client if letter.isalnum() or letter in "-_.&'")
    period = Period(report.period_from, report.period_until)
    return f"{safe.strip('.-') or 'Client'}-service-report-{period.code}.pdf"


def _answers_to(report: Report) -> str | None:
    """Who reads an answer: whoever asked for the report, else the agency's owner."""
    asked = _address_of(report.asked_by_id) if report.asked_by_id else None
    return asked or db.session.scalar(
        sa.select(Member.email)
        .join(AgencyRole, AgencyRole.member_id == Member.id)
        .where(AgencyRole.role == Role.OWNER, Member.deactivated_at.is_(None))
        .order_by(Member.created_at, Member.id)
        .limit(1)
    )


def _address_of(member_id: UUID) -> str | None:
    return db.session.scalar(
        sa.select(Member.email).where(Member.id == member_id, Member.deactivated_at.is_(None))
    )
