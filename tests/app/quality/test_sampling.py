"""Both streams: who can be drawn, who is drawn, and that a draw can be made again."""

from collections import Counter
from dataclasses import replace
from random import Random
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.quality.sampling import (
    Candidate,
    Exclusion,
    Reason,
    TargetRule,
    draw_random,
    draw_targeted,
    eligible,
    exclusion_of,
    target_rules,
)

ACME, BIRCH = UUID(int=1), UUID(int=2)
LEO, LIN, PIA = UUID(int=11), UUID(int=12), UUID(int=13)


def a_candidate(number: int, **facts: object) -> Candidate:
    defaults = {"id": UUID(int=1000 + number), "workspace": ACME, "agent": LEO, "channel": "email"}
    return Candidate(**(defaults | facts))  # type: ignore[arg-type]


def some(count: int, *, first: int = 0, **facts: object) -> list[Candidate]:
    return [a_candidate(first + number, **facts) for number in range(count)]


def draw(frame: list[Candidate], **settings: float) -> list[Candidate]:
    defaults = {"rate": 0.05, "minimum_per_agent": 0, "minimum_per_client": 0, "seed": 7}
    return draw_random(frame, **(defaults | settings))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("facts", "exclusion"),
    [
        ({}, None),
        ({"agent_words": 10}, None),
        ({"agent_words": 9}, Exclusion.FEW_WORDS),
        ({"contact_messages": 0}, Exclusion.ONE_SIDED),
        ({"agent_messages": 0}, Exclusion.ONE_SIDED),
        ({"is_closed": False}, Exclusion.NOT_CLOSED),
        ({"is_spam": True}, Exclusion.SPAM),
        ({"is_automatic": True}, Exclusion.AUTOMATIC),
        ({"is_merged": True}, Exclusion.MERGED),
        ({"is_redacted": True}, Exclusion.REDACTED),
    ],
)
def test_a_conversation_is_left_out_for_a_reason(
    facts: dict[str, object], exclusion: Exclusion | None
) -> None:
    assert exclusion_of(a_candidate(1, **facts)) == exclusion


def test_each_conversation_left_out_is_counted_once() -> None:
    spam = some(3, first=10, is_spam=True, is_closed=False)
    frame = eligible([*some(4), *spam, a_candidate(20, is_merged=True)])
    assert frame.candidates == tuple(some(4))
    assert frame.excluded == {Exclusion.SPAM: 3, Exclusion.MERGED: 1}


def test_five_percent_of_two_hundred_are_ten() -> None:
    assert len(draw(some(200))) == 10


def test_the_rate_is_read_as_written_and_rounded_up() -> None:
    assert len(draw(some(100), rate=0.07)) == 7
    assert len(draw(some(101), rate=0.07)) == 8


def test_every_agent_gets_the_minimum_or_all_there_is() -> None:
    drawn = draw([*some(60), *some(2, first=100, agent=LIN)], minimum_per_agent=5)
    assert Counter(each.agent for each in drawn) == {LEO: 5, LIN: 2}


def test_every_client_gets_the_minimum_or_all_there_is() -> None:
    frame = [*some(200), *some(9, first=300, workspace=BIRCH), *some(1, first=400, workspace=PIA)]
    drawn = draw(frame, minimum_per_client=4)
    of_client = Counter(each.workspace for each in drawn)
    assert of_client[BIRCH] == 4
    assert of_client[PIA] == 1
    assert of_client[ACME] >= 10


def test_a_clients_minimum_adds_only_what_is_missing() -> None:
    by_rate = draw(some(100), minimum_per_client=5)
    assert len(by_rate) == 5
    topped_up = draw(some(100), minimum_per_client=8)
    assert len(topped_up) == 8
    assert set(by_rate) < set(topped_up)


def test_a_clients_minimum_is_spread_over_its_agents() -> None:
    agents = [UUID(int=50 + number) for number in range(4)]
    frame = [each for n, agent in enumerate(agents) for each in some(20, first=n * 20, agent=agent)]
    drawn = draw(frame, rate=0, minimum_per_client=4)
    assert {each.agent for each in drawn} == set(agents)


def test_small_strata_are_drawn_in_proportion_too() -> None:
    frame = [
        *some(80, channel="email", topic="returns"),
        *some(20, first=100, channel="chat", topic="sizing"),
    ]
    drawn = Counter(each.channel for seed in range(300) for each in draw(frame, seed=seed))
    assert drawn["chat"] / drawn.total() == pytest.approx(0.2, abs=0.02)


def test_every_conversation_of_an_agent_is_equally_likely() -> None:
    frame = [
        a_candidate(number, topic=("returns", "sizing", None)[number % 3]) for number in range(10)
    ]
    times = Counter(each.id for seed in range(2000) for each in draw(frame, rate=0.3, seed=seed))
    assert len(times) == 10
    assert all(500 < count < 700 for count in times.values())  # 600 expected; ±5 deviations


def test_an_empty_frame_draws_nothing() -> None:
    assert draw([], minimum_per_agent=5, minimum_per_client=5) == []
    assert draw_targeted([], target_rules(0.05), seed=7) == []


def test_the_same_seed_draws_the_same_list_as_the_day_it_was_stored() -> None:
    drawn = [each.id.int - 1000 for each in draw(some(100), rate=0.05, seed=202613)]
    assert drawn == [72, 98, 49, 63, 86]


candidates = st.lists(
    st.builds(
        a_candidate,
        number=st.integers(0, 50),
        workspace=st.sampled_from((ACME, BIRCH)),
        agent=st.sampled_from((LEO, LIN, PIA)),
        channel=st.sampled_from(("email", "chat")),
        topic=st.sampled_from((None, "returns", "sizing")),
        reasons=st.frozensets(st.sampled_from(Reason), max_size=3),
    ),
    max_size=60,
    unique_by=lambda candidate: (candidate.id, candidate.agent),
)
each_frame = settings(deadline=None, max_examples=60)


@each_frame
@given(candidates, st.integers(-(2**63), 2**63 - 1), st.randoms(use_true_random=False))
def test_a_draw_does_not_depend_on_the_order_of_the_frame(
    frame: list[Candidate], seed: int, random: Random
) -> None:
    shuffled = random.sample(frame, len(frame))
    plan = {"rate": 0.1, "minimum_per_agent": 2, "minimum_per_client": 5, "seed": seed}
    assert draw(frame, **plan) == draw(shuffled, **plan)
    rules = target_rules(0.1)
    assert draw_targeted(frame, rules, seed=seed) == draw_targeted(shuffled, rules, seed=seed)


@each_frame
@given(candidates, st.floats(0, 1), st.integers(0, 9), st.integers(0, 9), st.integers())
def test_nothing_is_drawn_twice_and_all_minima_hold(
    frame: list[Candidate], rate: float, per_agent: int, per_client: int, seed: int
) -> None:
    drawn = draw(
        frame, rate=rate, minimum_per_agent=per_agent, minimum_per_client=per_client, seed=seed
    )
    assert len(set(drawn)) == len(drawn)
    assert set(drawn) <= set(frame)
    agents, clients = Counter(c.agent for c in frame), Counter(c.workspace for c in frame)
    for agent, count in agents.items():
        got = sum(each.agent == agent for each in drawn)
        assert got >= min(count, per_agent)
        assert got >= rate * count - 1e-9
    for client, count in clients.items():
        assert sum(each.workspace == client for each in drawn) >= min(count, per_client)


@each_frame
@given(candidates, st.integers(1, 10), st.integers())
def test_each_stratum_of_an_agent_gets_its_share_to_within_one(
    frame: list[Candidate], tenths: int, seed: int
) -> None:
    frame = [replace(each, agent=LEO) for each in frame]
    drawn = draw(frame, rate=tenths / 10, seed=seed)
    strata = Counter((c.workspace, c.channel, c.topic) for c in frame)
    for stratum, count in strata.items():
        got = sum((c.workspace, c.channel, c.topic) == stratum for c in drawn)
        assert abs(got - len(drawn) * count / len(frame)) < 1


def test_an_escalated_conversation_stands_once_for_each_of_its_agents() -> None:
    both = [a_candidate(number, agent=agent) for number in range(9) for agent in (LEO, PIA)]
    drawn = draw(both, rate=0.3)
    assert Counter(each.agent for each in drawn) == {LEO: 3, PIA: 3}
    assert draw(both[::-1], rate=0.3) == drawn


def test_different_seeds_draw_differently() -> None:
    assert len({tuple(each.id for each in draw(some(200), seed=seed)) for seed in range(5)}) == 5


def test_the_targeted_stream_takes_all_with_a_reason_and_says_which() -> None:
    frame = [
        a_candidate(1),
        a_candidate(2, reasons=frozenset({Reason.ESCALATED, Reason.LOW_CSAT})),
        a_candidate(3, reasons=frozenset({Reason.VIP})),
    ]
    drawn = draw_targeted(frame, target_rules(0.05), seed=7)
    assert {each.candidate.id: each.reasons for each in drawn} == {
        frame[1].id: (Reason.LOW_CSAT, Reason.ESCALATED),
        frame[2].id: (Reason.VIP,),
    }


def test_only_the_rules_given_draw() -> None:
    frame = some(5, reasons=frozenset({Reason.VIP}))
    assert draw_targeted(frame, [TargetRule(Reason.REOPENED)], seed=7) == []


def test_new_hires_are_drawn_at_three_times_the_rate() -> None:
    frame = some(100, reasons=frozenset({Reason.NEW_HIRE}))
    assert len(draw_targeted(frame, target_rules(0.05), seed=7)) == 15
    assert len(draw_targeted(frame, target_rules(0.5), seed=7)) == 100
