import pytest

from billing.contracts.service_states import State, derive_service_state


@pytest.mark.parametrize(
    ("statuses", "current", "expected"),
    [
        ([], State.DRAFT, State.DRAFT),
        (["incomplete"], State.DRAFT, State.DRAFT),
        (["incomplete_expired"], State.DRAFT, State.DRAFT),
        (["active"], State.DRAFT, State.LIVE),
        (["trialing"], State.DRAFT, State.LIVE),
        (["incomplete", "active"], State.DRAFT, State.LIVE),
        (["incomplete"], State.LIVE, State.LIVE),
        (["active"], State.SUSPENDED, State.LIVE),
        (["past_due"], State.GRACE, State.GRACE),
    ],
)
def test_service_follows_what_was_paid(
    statuses: list[str], current: State, expected: State
) -> None:
    assert derive_service_state(statuses, current=current) is expected
