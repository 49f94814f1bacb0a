"""What is collected: each figure against a history small enough to count by hand."""

from datetime import UTC, date, datetime, timedelta

import pytest

from app.reports.facts import Facts
from app.reports.queries.facts import collect_facts
from app.sla.business_hours import Calendar
from tenants.db import db
from tenants.errors import NotFound
from tests.factories.cast import World
from tests.factories.conversations import (
    a_conversation,
    a_promise,
    leo_closes,
    leo_replies,
    sam_writes,
)
from tests.factories.escalations import a_pod, leo_escalates, pia_accepts, pia_hands_back
from tests.factories.reports import WORKDAYS, a_history, reviews_of_weeks

FIRST, UNTIL = date(2026, 10, 1), date(2026, 11, 1)
MONDAY = datetime(2026, 10, 5, 7, 0, tzinfo=UTC)  # nine in Berlin, in summer
NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def october(world: World, brand: str = "Acme", *, now: datetime = NOW) -> Facts:
    with db.transaction(world.system_scope(brand)):
        return collect_facts(
            world.workspaces[brand], period_from=FIRST, period_until=UNTIL, now=now
        )


def hours(number: float) -> timedelta:
    return timedelta(hours=number)


def test_a_period_without_anything_has_facts_without_a_figure(world: World):
    facts = october(world).current
    assert (facts.opened, facts.closed, facts.replies) == (0, 0, 0)
    assert facts.promise("first_response").share.value is None
    assert facts.answered_in.business.median is None
    assert facts.quality.score is None


def test_days_are_the_clients_days(world: World):
    a_conversation(world, "Acme", now=datetime(2026, 9, 30, 22, 30, tzinfo=UTC))  # 1 Oct in Berlin
    a_conversation(world, "Acme", now=datetime(2026, 10, 31, 23, 30, tzinfo=UTC))  # 1 Nov there
    facts = october(world).current
    assert facts.opened == 1
    assert facts.per_day[0] == 1
    assert facts.per_hour[3][0] == 1  # a Thursday, half past midnight


def test_automatic_mail_is_told_and_not_counted(world: World):
    a_conversation(world, "Acme", now=MONDAY, is_automatic=True)
    facts = october(world).current
    assert (facts.opened, facts.automatic) == (0, 1)


def test_a_first_response_is_timed_by_the_contract_and_by_the_wall(world: World):
    a_promise(world, "Acme", first_response_minutes=120, calendar=WORKDAYS)
    friday_evening = datetime(2026, 10, 9, 15, 30, tzinfo=UTC)  # half past five in Berlin
    asked = a_conversation(world, "Acme", now=friday_evening)
    leo_replies(world, "Acme", asked, now=datetime(2026, 10, 12, 7, 30, tzinfo=UTC))
    waits = october(world).current.answered_in
    assert waits.business.median == 3600  # half an hour on Friday, half an hour on Monday
    assert waits.calendar.median == 64 * 3600
    assert waits.business.p90 is None  # one case has no tail


def test_a_late_answer_and_an_open_overdue_one_are_missed_and_one_not_due_is_left_out(
    world: World,
):
    a_promise(world, "Acme", first_response_minutes=60, resolution_minutes=20_000)
    for wait in (0.5, 2):
        asked = a_conversation(world, "Acme", now=MONDAY)
        leo_replies(world, "Acme", asked, now=MONDAY + hours(wait))
    a_conversation(world, "Acme", now=MONDAY)  # never answered
    asked = a_conversation(world, "Acme", now=MONDAY)
    leo_closes(world, "Acme", asked, now=MONDAY + hours(0.2))
    kept = october(world).current.promise("first_response")
    assert (kept.met, kept.breached) == (1, 2)
    assert kept.excluded == {"closed_without_reply": 1}
    late = october(world, now=MONDAY + hours(0.6)).current.promise("first_response")
    assert (late.met, late.breached, late.undecided) == (1, 0, 2)


def test_waiting_for_the_shopper_is_not_resolution_time(world: World):
    a_promise(world, "Acme", calendar=Calendar.always_open("Europe/Berlin"))
    asked = a_conversation(world, "Acme", now=MONDAY)
    leo_replies(world, "Acme", asked, now=MONDAY + hours(1))
    sam_writes(world, "Acme", asked, now=MONDAY + hours(11))
    leo_replies(world, "Acme", asked, now=MONDAY + hours(13), then="close")
    solved = october(world).current.resolved_in
    assert solved.business.median == 3 * 3600
    assert solved.calendar.median == 13 * 3600


def test_reopened_and_one_touch_are_shares_of_what_was_closed(world: World):
    for reopens in (True, False, False):
        asked = a_conversation(world, "Acme", now=MONDAY)
        leo_replies(world, "Acme", asked, now=MONDAY + hours(1), then="close")
        if reopens:
            sam_writes(world, "Acme", asked, now=MONDAY + hours(2))
            leo_replies(world, "Acme", asked, now=MONDAY + hours(3), then="close")
    facts = october(world).current
    assert facts.closed == 3  # twice closed is closed once
    assert (facts.reopened.part, facts.reopened.n) == (1, 3)
    assert (facts.one_touch.part, facts.one_touch.n) == (2, 3)


def test_what_was_open_at_the_end_is_told_by_the_ledger(world: World):
    still_open = a_conversation(world, "Acme", now=MONDAY)
    closed_later = a_conversation(world, "Acme", now=MONDAY + timedelta(days=24))
    leo_closes(world, "Acme", closed_later, now=datetime(2026, 11, 1, 12, tzinfo=UTC))
    reopened_later = a_conversation(world, "Acme", now=MONDAY)
    leo_closes(world, "Acme", reopened_later, now=MONDAY + timedelta(days=22))
    sam_writes(world, "Acme", reopened_later, now=datetime(2026, 11, 1, 13, tzinfo=UTC))
    assert still_open
    assert october(world).current.backlog == (0, 1, 0, 1)


def test_handovers_are_counted_with_those_that_came_back(world: World):
    pod = a_pod(world, "Acme")
    for comes_back in (True, False):
        asked = a_conversation(world, "Acme", now=MONDAY)
        leo_escalates(world, "Acme", asked, pod, now=MONDAY + hours(1))
        pia_accepts(world, "Acme", asked, now=MONDAY + hours(2))
        if comes_back:
            pia_hands_back(world, "Acme", asked, note="Yours.", now=MONDAY + hours(3))
    a_closed = a_conversation(world, "Acme", now=MONDAY)
    leo_closes(world, "Acme", a_closed, now=MONDAY + hours(1))
    found = october(world).current.escalations
    assert (found.rate.part, found.rate.n) == (2, 3)
    assert (found.bounced.part, found.bounced.n) == (1, 2)
    assert (found.complete.part, found.complete.n) == (2, 2)


def test_a_month_is_compared_with_the_month_before(world: World):
    a_conversation(world, "Acme", now=MONDAY, topic="returns")
    a_conversation(world, "Acme", now=datetime(2026, 9, 1, 12, tzinfo=UTC), topic="returns")
    facts = october(world)
    assert (facts.previous.first, facts.previous.until) == (date(2026, 9, 1), FIRST)
    assert facts.previous.count_of("returns") == 1


def test_weeks_add_up_to_the_period(world: World):
    a_history(world, "Acme", first=FIRST, until=UNTIL, conversations=80)
    facts = october(world)
    assert sum(week.opened for week in facts.weeks) == facts.current.opened == 80
    assert sum(week.first_response.n for week in facts.weeks) == (
        facts.current.promise("first_response").share.n
    )
    assert [week.first for week in facts.weeks][:2] == [FIRST, date(2026, 10, 5)]


def test_a_score_stands_only_on_ten_reviews_or_more(world: World):
    a_history(world, "Acme", first=FIRST, until=UNTIL, conversations=80)
    mondays = [date(2026, 9, 28), date(2026, 10, 5), date(2026, 10, 12), date(2026, 10, 19)]
    few = reviews_of_weeks(world, "Acme", mondays[:1])
    quality = october(world).current.quality
    assert (quality.n, quality.score) == (few, None)
    reviews_of_weeks(world, "Acme", mondays[1:])
    quality = october(world).current.quality
    assert quality.n >= 10
    assert quality.score is not None
    assert quality.low is not None
    assert quality.low < quality.score


def test_examples_name_nobody(world: World):
    a_history(world, "Acme", first=FIRST, until=UNTIL, conversations=60)
    reviews_of_weeks(world, "Acme", [date(2026, 10, 5), date(2026, 10, 12)])
    examples = october(world).examples
    assert examples
    for example in examples:
        for secret in ("Sam", "Rivera", "Leo", "W26113", "@"):
            assert secret not in example.text


def test_facts_come_back_from_their_json_as_they_were(world: World):
    a_history(world, "Acme", first=FIRST, until=UNTIL, conversations=40)
    facts = october(world)
    assert Facts.from_json(facts.to_json()) == facts


def test_another_brand_is_not_counted_and_a_foreign_one_does_not_exist(world: World):
    a_conversation(world, "Birch", now=MONDAY)
    assert october(world).current.opened == 0
    with db.transaction(world.system_scope("Acme")), pytest.raises(NotFound):
        collect_facts(world.workspaces["Birch"], period_from=FIRST, period_until=UNTIL, now=NOW)
