"""What conversations are about, in words."""

_WORDS = {
    None: "No topic",
    "": "No topic",
    "wismo": "Where is my order",
    "returns": "Returns and exchanges",
    "refunds": "Refunds",
    "cancellation": "Cancellation",
    "address_change": "Address change",
    "damaged_item": "Damaged item",
    "missing_item": "Missing item",
    "product_question": "Product question",
}


def topic_words(code: str | None) -> str:
    """'Where is my order' for 'wismo'; codes we do not know are spelled out."""
    if code in _WORDS:
        return _WORDS[code]
    return str(code).replace("_", " ").replace("-", " ").strip().capitalize()


def about(code: str | None) -> str:
    """The topic inside a sentence: 'about “Refunds”', 'without a topic'."""
    return f"about “{topic_words(code)}”" if code else "without a topic"


def channel_words(code: str) -> str:
    """'Email', 'WhatsApp'."""
    return {"whatsapp": "WhatsApp", "sms": "SMS"}.get(code, code.replace("_", " ").capitalize())
