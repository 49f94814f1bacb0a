"""The word a brand gets in its host name: what may stand there, and what never does."""

import re

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
LONGEST = 40

# Names that other people, or machines, would take for ours or for the installation's.
RESERVED = frozenset({
    "account", "accounts", "admin", "api", "app", "assets", "auth", "billing", "blog", "cdn",
    "console", "dashboard", "desk", "dev", "dns", "docs", "email", "ftp", "help", "imap",
    "internal", "localhost", "login", "mail", "mx", "ns", "ns1", "ns2", "operator", "pay", "pop",
    "portal", "postmaster", "root", "security", "shop", "smtp", "sso", "staging", "static",
    "status", "stream", "support", "system", "test", "theme", "webhooks", "webmail", "www",
})  # fmt: skip


def fault_of(slug: str) -> str | None:
    """What is wrong with the word, in one sentence, or None."""
    if not SLUG.fullmatch(slug):
        return "Use small letters, digits and single hyphens, for example acme-outdoor."
    if len(slug) > LONGEST or len(slug) < 2:
        return f"Use 2 to {LONGEST} characters."
    if slug in RESERVED:
        return "This word is reserved. Choose another one."
    return None
