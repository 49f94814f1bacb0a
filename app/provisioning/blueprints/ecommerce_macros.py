"""Ready answers for an online shop: each says where things stand, what happens next, and when.

Their texts are the files of `ecommerce_1/`, in Liquid.
"""

from pathlib import Path

from app.provisioning.blueprints.form import MacroText

_TEXTS = Path(__file__).parent / "ecommerce_1"


def _macro(file: str, name: str, topic: str | None) -> MacroText:
    return MacroText(name, topic, (_TEXTS / f"{file}.liquid").read_text().strip())


MACROS = (
    _macro("where-is-my-order-on-its-way", "Where is my order: on its way", "wismo"),
    _macro("where-is-my-order-search-opened", "Where is my order: search opened", "wismo"),
    _macro("return-how-it-works", "Return: how it works", "returns"),
    _macro("return-outside-the-return-period", "Return: outside the return period", "returns"),
    _macro("refund-on-its-way", "Refund: on its way", "refunds"),
    _macro("cancellation-done", "Cancellation: done", "cancellation"),
    _macro("cancellation-too-late-to-stop", "Cancellation: too late to stop", "cancellation"),
    _macro("address-change-done", "Address change: done", "address_change"),
    _macro("damaged-item-photos-please", "Damaged item: photos please", "damaged_item"),
    _macro("missing-item-sent-again", "Missing item: sent again", "missing_item"),
    _macro("with-a-specialist", "With a specialist", None),
    _macro("closing-all-done", "Closing: all done", None),
)
