"""Reports that come by the calendar: each once, about what is over where the client is."""

from datetime import UTC, date, datetime, timedelta
from threading import Thread

import pytest
import sqlalchemy as sa

from app.reports.models import Report, ReportSchedule
from app.reports.periods import Period, last_full_period, next_report_at
from app.reports.sweeps import request_scheduled_reports
from tenants.db import db, utc_now
from tests.app.conversations.mail_server import MailServer
from tests.factories.cast import World
from tests.factories.work import run_due_jobs


def a_schedule(world: World, brand: str, cadence: str, *, due: bool = True) -> None:
    now = utc_now()
    with db.transaction(world.system_scope(brand)) as session:
        session.add(
            ReportSchedule(
                cadence=cadence,
                recipients=[f"cleo@{brand.lower()}.example"],
                next_at=now - timedelta(minutes=1) if due else now + timedelta(hours=1),
                created_at=now,
            )
        )


def reports_of(world: World, brand: str) -> list[Report]:
    with db.transaction(world.system_scope(brand)) as session:
        return list(session.scalars(sa.select(Report)))


def test_what_is_due_is_asked_for_once_and_mailed(world: World, mail_server: MailServer):
    a_schedule(world, "Acme", "weekly")
    a_schedule(world, "Birch", "monthly", due=False)
    request_scheduled_reports()
    request_scheduled_reports()
    run_due_jobs()
    [report] = reports_of(world, "Acme")
    assert report.period_from.weekday() == 0
    assert (report.period_until - report.period_from).days == 7
    assert report.period_until <= utc_now().date()
    assert report.asked_by_id is None
    assert [mail["To"] for mail in mail_server.mails] == ["cleo@acme.example"]
    assert reports_of(world, "Birch") == []


def test_two_schedulers_at_once_ask_once(world: World):
    a_schedule(world, "Acme", "weekly")
    threads = [Thread(target=request_scheduled_reports) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(reports_of(world, "Acme")) == 1


def test_the_next_one_is_due_in_the_future(world: World):
    a_schedule(world, "Acme", "monthly")
    request_scheduled_reports()
    with db.transaction(world.system_scope("Acme")) as session:
        schedule = session.scalars(sa.select(ReportSchedule)).one()
        assert schedule.next_at is not None
        assert schedule.next_at > utc_now()


def test_reports_are_due_at_eight_where_the_client_is():
    saturday = datetime(2026, 10, 24, 12, tzinfo=UTC)
    weekly = next_report_at("weekly", "Europe/Berlin", now=saturday)
    assert weekly == datetime(2026, 10, 26, 7, tzinfo=UTC)  # the clocks have gone back
    monthly = next_report_at("monthly", "Asia/Tokyo", now=saturday)
    assert monthly == datetime(2026, 10, 31, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    ("cadence", "today", "first", "until"),
    [
        ("weekly", date(2026, 11, 2), date(2026, 10, 26), date(2026, 11, 2)),
        ("weekly", date(2026, 11, 8), date(2026, 10, 26), date(2026, 11, 2)),
        ("monthly", date(2026, 11, 1), date(2026, 10, 1), date(2026, 11, 1)),
        ("monthly", date(2026, 1, 31), date(2025, 12, 1), date(2026, 1, 1)),
    ],
)
def test_a_report_is_about_what_is_over(cadence: str, today: date, first: date, until: date):
    assert last_full_period(cadence, today) == Period(first, until)


@pytest.mark.parametrize(
    ("first", "until", "words", "code"),
    [
        (date(2026, 10, 1), date(2026, 11, 1), "October 2026", "2026-10"),
        (
            date(2026, 10, 5),
            date(2026, 10, 12),
            "5 to 11 October 2026",
            "2026-10-05-to-2026-10-11",
        ),
        (
            date(2026, 9, 28),
            date(2026, 10, 5),
            "28 September to 4 October 2026",
            "2026-09-28-to-2026-10-04",
        ),
        (
            date(2025, 12, 29),
            date(2026, 1, 5),
            "29 December 2025 to 4 January 2026",
            "2025-12-29-to-2026-01-04",
        ),
        (date(2026, 10, 5), date(2026, 10, 6), "5 October 2026", "2026-10-05-to-2026-10-05"),
    ],
)
def test_a_period_is_named_as_people_name_it(first: date, until: date, words: str, code: str):
    assert Period(first, until).words == words
    assert Period(first, until).code == code
