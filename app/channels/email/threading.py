"""Which earlier mails a mail names, newest first: the order in which filing looks them up."""

from app.channels.email.incoming import Incoming


def named_ids(incoming: Incoming) -> tuple[str, ...]:
    """Message-IDs this mail answers: In-Reply-To, then References from the newest back."""
    return tuple(dict.fromkeys((*reversed(incoming.in_reply_to), *reversed(incoming.references))))
