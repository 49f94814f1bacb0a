"""`python -m benchmarks`: the first ratios in a few minutes; `--full` at full size."""

import argparse
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

import structlog

from benchmarks.claims import measure_claims
from benchmarks.ground import Ground, describe, prepare
from benchmarks.mail_filing import measure_mail
from benchmarks.queue_page import measure_queue
from benchmarks.table import Line, render

SEED = 20260901


@dataclass(frozen=True)
class Size:
    """How much of everything."""

    name: str
    mails: int
    rounds: int
    brands: int
    open_conversations: tuple[int, ...]
    pages: int
    agents: int


SMALL = Size("small", 60, 3, 20, (10_000, 100_000), 30, 8)
FULL = Size("full", 500, 5, 200, (10_000, 100_000, 1_000_000), 200, 80)

Measured = tuple[list[Line], list[str]]


def _mail(ground: Ground, size: Size, seed: int) -> Measured:
    return measure_mail(ground, mails=size.mails, rounds=size.rounds, seed=seed)


def _queue(ground: Ground, size: Size, seed: int) -> Measured:
    return measure_queue(
        ground,
        sizes=size.open_conversations,
        brands=size.brands,
        rounds=size.pages,
        seed=seed,
    )


def _claims(ground: Ground, size: Size, seed: int) -> Measured:
    return measure_claims(
        ground, brands=size.brands, agents=size.agents, rounds=size.rounds, seed=seed
    )


BENCHMARKS: dict[str, Callable[[Ground, Size, int], Measured]] = {
    "mail": _mail,
    "queue": _queue,
    "claims": _claims,
}


def main() -> None:
    """Measure what is asked for, and print one table."""
    asked = _arguments()
    size = FULL if asked.full else SMALL
    # What the product logs about each request and job is not what is read here.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    lines: list[Line] = []
    notes: list[str] = []
    started = time.monotonic()
    with prepare() as ground:
        print(describe(ground))
        print(f"size {size.name}, seed {asked.seed}", flush=True)
        for name, measure in BENCHMARKS.items():
            if asked.only in {None, name}:
                measured, noted = measure(ground, size, asked.seed)
                lines += measured
                notes += noted
    print(f"\n{render(lines)}\n")
    print("\n".join(notes))
    print(f"{time.monotonic() - started:.0f} s in all")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--full", action="store_true", help="full size; takes most of an hour")
    parser.add_argument("--only", choices=list(BENCHMARKS), help="one benchmark of them")
    parser.add_argument("--seed", type=int, default=SEED)
    return parser.parse_args()


if __name__ == "__main__":
    main()
