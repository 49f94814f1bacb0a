"""The desk's entrances, by what they are about."""

from importlib import import_module

MODULES = (
    "queue",
    "conversations",
    "answering",
    "drafts",
    "macros",
    "escalations",
    "files",
)


def register_views() -> None:
    """Let each module put its views on the desk's blueprint."""
    for name in MODULES:
        import_module(f"{__name__}.{name}")
