"""The scorecard every agency starts with: one for all its clients, so that they compare.

Source: reference "quality", default ecommerce scorecard.
"""

from app.quality.criteria import Criterion

NAME = "Online shop"
PASS_MARK = 80

CRITERIA = (
    Criterion(
        "policy",
        "Policy followed",
        "Window, condition and refund path are the brand's own, and were checked before promising.",
        "Accuracy",
        scale=5,
        weight=25,
    ),
    Criterion(
        "answer",
        "Answer correct and complete",
        "Everything asked is answered, with the next step and when it happens.",
        "Accuracy",
        scale=5,
        weight=25,
    ),
    Criterion(
        "context",
        "Order and context used",
        "The order was looked at, and the shopper was asked nothing twice.",
        "Problem solving",
        scale=5,
        weight=15,
    ),
    Criterion(
        "tone",
        "Tone on brand",
        "Human and in the brand's voice; never defensive.",
        "Tone and clarity",
        scale=5,
        weight=15,
    ),
    Criterion(
        "clarity",
        "Spelling and clarity",
        "Short sentences, plain words, no mistakes that distract.",
        "Tone and clarity",
        scale=3,
        weight=10,
    ),
    Criterion(
        "process",
        "Process kept",
        "Topic, tags, notes and, where it was escalated, the packet are in order.",
        "Process",
        scale=2,
        weight=10,
    ),
    Criterion(
        "privacy",
        "No privacy breach",
        "Nothing about a person or an order reached somebody it does not concern.",
        "Critical",
        scale=2,
        weight=0,
        critical=True,
    ),
    Criterion(
        "promise",
        "No unauthorised refund or promise",
        "Whatever was granted lay within the limit, or was approved.",
        "Critical",
        scale=2,
        weight=0,
        critical=True,
    ),
    Criterion(
        "brand",
        "Answered as the right brand",
        "Name, links and signature are this brand's and no other's.",
        "Critical",
        scale=2,
        weight=0,
        critical=True,
    ),
    Criterion(
        "respect",
        "No insult",
        "Nothing in it belittles or blames the shopper.",
        "Critical",
        scale=2,
        weight=0,
        critical=True,
    ),
)

ROOT_CAUSES = (
    "Knowledge",
    "Policy unclear",
    "Permission missing",
    "Order data missing",
    "Macro wrong",
    "Rush",
    "Tone",
    "System fault",
    "Other",
)
