"""What is looked at before a reply leaves: nothing unfilled, and no other brand's name."""

import re
from collections.abc import Iterable

from tenants.errors import DomainError

_UNFILLED = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)


class UnfilledVariable(DomainError):
    """A macro left a gap that nobody filled."""

    def __init__(self, variable: str) -> None:
        super().__init__(f"{variable} is not filled in. Write what belongs there.", field="body")


class NamesAnotherBrand(DomainError):
    """A shopper of one brand would read the name of another."""

    def __init__(self, other: str, own: str) -> None:
        super().__init__(f"This names {other}, but you are writing as {own}.", field="body")


def check_reply(body: str, *, brand: str, other_brands: Iterable[str]) -> None:
    """Raises: UnfilledVariable, NamesAnotherBrand. Neither reply has been stored then."""
    unfilled = _UNFILLED.search(body)
    if unfilled:
        raise UnfilledVariable(unfilled[0])
    rest = body.replace(brand, "")
    for other in other_brands:
        if other != brand and re.search(rf"(?<!\w){re.escape(other)}(?!\w)", rest):
            raise NamesAnotherBrand(other, brand)
