"""What shoppers write and how they are answered: short stories, filled with names and orders.

`{order}` and `{product}` belong to the brand, `{first}` is the shopper. Each story is a list of
turns: "s" the shopper, "a" the agent. An agent's last turn closes the conversation.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Story:
    """One kind of conversation."""

    topic: str
    subject: str
    turns: tuple[tuple[str, str], ...]
    escalates: bool = False
    weight: int = 1


STORIES = (
    Story(
        "wismo",
        "Where is my order {order}?",
        (
            (
                "s",
                (
                    "Hi,\n\nmy {product} (order {order}) was due on Tuesday and the tracking page"
                    " has not moved since the weekend. Do you know where it is?\n\nThanks, {first}"
                ),
            ),
            (
                "a",
                (
                    "Hello {first},\n\nI checked order {order} with the carrier: the parcel left"
                    " the depot this morning and is on the van. That means it should reach you"
                    " today or tomorrow before 6 pm.\n\nIf nothing has moved by tomorrow evening,"
                    " reply here and I will open a trace with the carrier myself."
                ),
            ),
            ("s", "It arrived an hour ago. Thank you!"),
            ("a", "Lovely, {first}. Enjoy the {product}!"),
        ),
        weight=6,
    ),
    Story(
        "wismo",
        "Tracking says delivered, but nothing here",
        (
            (
                "s",
                (
                    "The tracking for {order} says it was delivered at 11:42. I was home all day"
                    " and there is no parcel. Please help."
                ),
            ),
            (
                "a",
                (
                    "Hello {first},\n\nI am sorry, that is a worrying message to read. I have asked"
                    " the driver where the parcel for {order} was left and I will write to you by"
                    " tomorrow noon. If it cannot be found, we send a new {product} at once; you do"
                    " not need to do anything."
                ),
            ),
            ("s", "Found it: the neighbour two doors down had taken it. Sorry for the trouble."),
            ("a", "No trouble at all. Good that it is with you now."),
        ),
        weight=3,
    ),
    Story(
        "returns",
        "Can I return the {product}?",
        (
            (
                "s",
                (
                    "Hello, the {product} from order {order} is not quite what I hoped for. It is"
                    " unused. Can I send it back, and who pays for the label?"
                ),
            ),
            (
                "a",
                (
                    "Hello {first},\n\nyes, you can: order {order} is within the 30 days and unused"
                    " items come back free of charge. The label is attached to your order page."
                    " Once it is scanned, the refund takes three to five working days."
                ),
            ),
        ),
        weight=4,
    ),
    Story(
        "refunds",
        "Refund for {order} not there yet",
        (
            (
                "s",
                (
                    "I returned my {product} two weeks ago (order {order}) and the money has still"
                    " not arrived."
                ),
            ),
            (
                "a",
                (
                    "Hello {first},\n\nthe return reached us on Monday and the refund for {order}"
                    " was released the same day. Banks show it within three working days, so you"
                    " should see it by Thursday. If you do not, tell me and I will send you the"
                    " bank's reference."
                ),
            ),
            ("s", "It is there, thanks for the quick answer."),
            ("a", "Thank you for telling me, {first}."),
        ),
        weight=3,
    ),
    Story(
        "damaged_item",
        "{product} arrived broken",
        (
            (
                "s",
                (
                    "The {product} in order {order} came with a crack right across it. I can send"
                    " photos. I need it by the weekend, it is a present."
                ),
            ),
            (
                "a",
                (
                    "Hello {first},\n\nI am sorry, that should not happen. I do not need the old"
                    " one back. A new {product} leaves our warehouse today by express, so it"
                    " reaches you on Friday. If you have a photo, it helps us show the carrier what"
                    " went wrong."
                ),
            ),
            ("s", "Here is the photo. Thank you for making it fast."),
            ("a", "Received, and passed on to the packing team. Have a good weekend, {first}."),
        ),
        weight=3,
    ),
    Story(
        "product_question",
        "Question about the {product}",
        (
            (
                "s",
                (
                    "Hi there, before I order: what are the exact measurements of the {product},"
                    " and when would it arrive if I ordered today?"
                ),
            ),
            (
                "a",
                (
                    "Hello {first},\n\nyou find all measurements under Details on the page of the"
                    " {product}; the main one is 42 cm across. Ordered before 2 pm it leaves today"
                    " and arrives in two working days."
                ),
            ),
        ),
        weight=4,
    ),
    Story(
        "address_change",
        "Wrong address on {order}",
        (
            (
                "s",
                (
                    "I moved last month and ordered {order} to my old flat by mistake. Can you"
                    " still change it? New address: 14 Harbour Lane."
                ),
            ),
            (
                "a",
                (
                    "Hello {first},\n\nwe caught it in time: order {order} is now on its way to"
                    " 14 Harbour Lane. You get a new confirmation in a minute."
                ),
            ),
        ),
        weight=2,
    ),
    Story(
        "cancellation",
        "Please cancel {order}",
        (
            (
                "s",
                (
                    "I ordered the {product} twice by accident. Please cancel {order}, the other"
                    " one may stay."
                ),
            ),
            (
                "a",
                (
                    "Hello {first},\n\ndone: {order} is cancelled and the amount goes back to your"
                    " card within three working days. The other order is untouched."
                ),
            ),
        ),
        weight=2,
    ),
    Story(
        "refunds",
        "Third time I ask about {order}",
        (
            (
                "s",
                (
                    "This is the third time I write about {order}. The {product} never came, nobody"
                    " can tell me why, and my card was charged twice. This is unacceptable. I will"
                    " dispute the charge if I do not hear from somebody today."
                ),
            ),
            (
                "a",
                (
                    "Hello {first},\n\nyou are right to be upset, and I am sorry. I have looked at"
                    " all three messages: one of the two charges was an authorisation that your"
                    " bank releases on Friday. For the parcel itself we refund {order} in full"
                    " today. You will have our confirmation within the hour."
                ),
            ),
            ("s", "Thank you. That is all I wanted to hear."),
            ("a", "The refund is booked, {first}; the confirmation is in your mailbox."),
        ),
        escalates=True,
        weight=2,
    ),
)

FIRST_NAMES = (
    "Amelia", "Noah", "Lina", "Jonas", "Sofia", "Elias", "Freja", "Oskar", "Hanna", "Theo", "Mila",
    "Anton", "Ida", "Louis", "Clara", "Emil", "Nora", "Felix", "Alma", "Hugo", "Ella", "Karl",
    "Yara", "Milan", "Greta", "Ivo", "Zoe", "Samir", "Layla", "Piotr",
)  # fmt: skip
LAST_NAMES = (
    "Berger", "Okafor", "Lindqvist", "Moreau", "Silva", "Novak", "Jensen", "Weber", "Rossi", "Khan",
    "Dubois", "Andersen", "Fischer", "Haddad", "Kowalski", "Murphy", "Nilsson", "Costa", "Meyer",
    "Ivanova", "Sato", "Byrne", "Vogel", "Larsen", "Adeyemi", "Schmidt",
)  # fmt: skip
