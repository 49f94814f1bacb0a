"""Which closed conversations are reviewed: two streams, never mixed, both drawn again at will.

A draw depends on the seed and on which conversations are in the frame, not on their order, the
clock or Python's generator: each conversation gets its lottery number from the seed and its id.
Source: reference "quality", sampling.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from hashlib import blake2b
from math import ceil
from typing import TypeAlias
from uuid import UUID

MINIMUM_AGENT_WORDS = 10

_LOTTERY_BITS = 64


class Reason(StrEnum):
    """Why a conversation belongs to the targeted stream."""

    NEW_HIRE = "new_hire"
    LOW_CSAT = "low_csat"
    REOPENED = "reopened"
    SLA_BREACH = "sla_breach"
    ESCALATED = "escalated"
    REFUND = "refund_above_limit"
    OUTLIER = "outlier"
    AUTO_CHECK = "auto_check"
    VIP = "vip"


class Exclusion(StrEnum):
    """Why a conversation cannot be reviewed."""

    SPAM = "spam"
    AUTOMATIC = "automatic"
    MERGED = "merged"
    REDACTED = "redacted"
    NOT_CLOSED = "not_closed"
    ONE_SIDED = "one_sided"
    FEW_WORDS = "few_words"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A conversation and the agent to be reviewed, with the facts that decide on a draw.

    An escalated conversation stands once for each agent with a public reply.
    """

    id: UUID
    workspace: UUID
    agent: UUID
    channel: str
    topic: str | None = None
    is_closed: bool = True
    contact_messages: int = 1
    agent_messages: int = 1
    agent_words: int = MINIMUM_AGENT_WORDS
    is_spam: bool = False
    is_automatic: bool = False
    is_merged: bool = False
    is_redacted: bool = False
    reasons: frozenset[Reason] = frozenset()  # those that apply, for the targeted stream


@dataclass(frozen=True, slots=True)
class Frame:
    """What a sample is drawn from, and how many were left out for which reason."""

    candidates: tuple[Candidate, ...]
    excluded: Mapping[Exclusion, int]


def eligible(candidates: Iterable[Candidate]) -> Frame:
    """The candidates that can be reviewed; each other one is counted once, by its first reason."""
    kept, excluded = [], Counter[Exclusion]()
    for candidate in candidates:
        if exclusion := exclusion_of(candidate):
            excluded[exclusion] += 1
        else:
            kept.append(candidate)
    return Frame(tuple(kept), excluded)


def exclusion_of(candidate: Candidate) -> Exclusion | None:
    """The first reason against a review, in the order of `Exclusion`; None if there is none."""
    obstacles = {
        Exclusion.SPAM: candidate.is_spam,
        Exclusion.AUTOMATIC: candidate.is_automatic,
        Exclusion.MERGED: candidate.is_merged,
        Exclusion.REDACTED: candidate.is_redacted,
        Exclusion.NOT_CLOSED: not candidate.is_closed,
        Exclusion.ONE_SIDED: not (candidate.contact_messages and candidate.agent_messages),
        Exclusion.FEW_WORDS: candidate.agent_words < MINIMUM_AGENT_WORDS,
    }
    return next((exclusion for exclusion, applies in obstacles.items() if applies), None)


def draw_random(
    frame: Sequence[Candidate],
    *,
    rate: float,
    minimum_per_agent: int,
    minimum_per_client: int,
    seed: int,
) -> list[Candidate]:
    """The random stream: this share of each agent's conversations, spread over the strata.

    Rounded up, and at least the minima where there are enough conversations. Within an agent each
    conversation is equally likely; each stratum (workspace, channel, topic) gets its share to
    within one. In lottery order, so that a reviewer does not go client by client.
    """
    lottery = _Lottery(f"random:{seed}")
    drawn: set[Candidate] = set()
    for conversations in _grouped(frame, _agent).values():
        wanted = max(_share_of(rate, len(conversations)), minimum_per_agent)
        drawn.update(lottery.draw(conversations, wanted, by=_stratum))
    for conversations in _grouped(frame, _workspace).values():
        rest = [candidate for candidate in conversations if candidate not in drawn]
        missing = minimum_per_client - (len(conversations) - len(rest))
        drawn.update(lottery.draw(rest, missing, by=_agent_and_stratum))
    return sorted(drawn, key=lottery.number)


@dataclass(frozen=True, slots=True)
class TargetRule:
    """Take this share of each agent's conversations that have the reason."""

    reason: Reason
    share: float = 1.0


@dataclass(frozen=True, slots=True)
class Targeted:
    """A conversation of the targeted stream and the rules that drew it."""

    candidate: Candidate
    reasons: tuple[Reason, ...]


def target_rules(rate: float) -> tuple[TargetRule, ...]:
    """The default rules: new hires at three times the random stream's rate, all else in full."""
    shares = {Reason.NEW_HIRE: min(1.0, float(3 * _as_written(rate)))}
    return tuple(TargetRule(reason, shares.get(reason, 1.0)) for reason in Reason)


def draw_targeted(
    frame: Sequence[Candidate], rules: Sequence[TargetRule], *, seed: int
) -> list[Targeted]:
    """The targeted stream: each conversation once, with the reasons that drew it, rules' order.

    Leave what the random stream drew out of the frame, or it is reviewed twice.
    """
    lottery = _Lottery(f"targeted:{seed}")
    reasons: dict[Candidate, list[Reason]] = {}
    for rule in rules:
        matching = [candidate for candidate in frame if rule.reason in candidate.reasons]
        for conversations in _grouped(matching, _agent).values():
            wanted = _share_of(rule.share, len(conversations))
            for candidate in lottery.draw(conversations, wanted, by=_stratum):
                reasons.setdefault(candidate, []).append(rule.reason)
    return [Targeted(each, tuple(reasons[each])) for each in sorted(reasons, key=lottery.number)]


_Key: TypeAlias = tuple[str, ...]


def _agent(candidate: Candidate) -> _Key:
    return (str(candidate.agent),)


def _workspace(candidate: Candidate) -> _Key:
    return (str(candidate.workspace),)


def _stratum(candidate: Candidate) -> _Key:
    return (str(candidate.workspace), candidate.channel, candidate.topic or "")


def _agent_and_stratum(candidate: Candidate) -> _Key:
    return _agent(candidate) + _stratum(candidate)


def _grouped(
    candidates: Iterable[Candidate], by: Callable[[Candidate], _Key]
) -> dict[_Key, list[Candidate]]:
    groups: dict[_Key, list[Candidate]] = {}
    for candidate in candidates:
        groups.setdefault(by(candidate), []).append(candidate)
    return groups


def _share_of(rate: float, count: int) -> int:
    """Rounded up, so that a share of something is something."""
    return ceil(_as_written(rate) * count)


def _as_written(rate: float) -> Fraction:
    """7 % of 100 is 7, though 0.07 * 100 is a little above and would round up to 8."""
    return Fraction(str(rate))


@dataclass(frozen=True, slots=True)
class _Lottery:
    seed: str

    def number(self, candidate: Candidate) -> tuple[int, UUID, UUID]:
        """Where the candidate stands in line; ids only part equal hashes."""
        conversation, agent = candidate.id, candidate.agent
        return self._hash(conversation.bytes, agent.bytes), conversation, agent

    def draw(
        self, candidates: Sequence[Candidate], wanted: int, *, by: Callable[[Candidate], _Key]
    ) -> list[Candidate]:
        """Every k-th of the candidates in order of their strata, from a drawn start.

        Systematic sampling: all have the same chance, and the strata their proportion, without
        seats to be rounded away from the small ones.
        """
        wanted = min(wanted, len(candidates))
        if wanted <= 0:
            return []
        ordered = sorted(candidates, key=lambda each: (by(each), self.number(each)))
        start = self._hash(b"start", ordered[0].id.bytes, ordered[0].agent.bytes)
        span = 1 << _LOTTERY_BITS
        return [
            ordered[(start + turn * span) * len(ordered) // (wanted * span)]
            for turn in range(wanted)
        ]

    def _hash(self, *parts: bytes) -> int:
        digest = blake2b(digest_size=_LOTTERY_BITS // 8, key=self.seed.encode())
        for part in parts:
            digest.update(part)
        return int.from_bytes(digest.digest())
