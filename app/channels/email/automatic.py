"""Whether a machine wrote a mail: such mail is stored and flagged, and nothing answers it."""

import re
from typing import Final

from app.channels.email.headers import Headers

_BULK: Final = frozenset({"bulk", "list", "junk", "auto_reply", "auto-reply"})
_FLAGS: Final = (
    "x-autoreply",
    "x-autorespond",
    "x-auto-reply",
    "x-autorespond-from",
    "x-autoreply-from",
    "x-mail-autoreply",
    "x-auto-response-from",
)
_MACHINES: Final = re.compile(
    r"(mailer-?daemon|postmaster|mail-?delivery-?(?:system|subsystem)|bounces?(?:[+-].*)?"
    r"|(?:.*[._+-])?(?:no|do[._-]?not|ne[._-]?pas|nicht)[._-]?(?:reply|repondre|antworten)(?:[._+-].*)?)",
    re.IGNORECASE,
)
# How absence notices begin, in the served languages; a hint only, people write such subjects too.
_ABSENCE: Final = re.compile(
    r"\s*(?:(?:re|aw|sv|vs|rif)\s*:\s*)?(?:"
    r"auto(?:matic)?[ -]?(?:reply|response)|autoreply|out of (?:the )?office|on vacation"
    r"|vacation (?:reply|response)"
    r"|automatische (?:antwort|reactie)|automatisch antwoord|abwesenheits\w+|abwesend\b"
    r"|afwezig\b|afwezigheid\w*"
    r"|r[ée]ponse automatique|absence du bureau|message d'absence"
    r"|respuesta autom[áa]tica|fuera de la oficina|resposta autom[áa]tica"
    r"|fora do escrit[óo]rio|ausente\b"
    r"|risposta automatica|fuori sede|assente\b"
    r"|automatisk svar|autosvar|automatiskt svar|fr[åa]nvaro|frav[æa]r"
    r"|automaattinen vastaus|poissa(?:olo)?\b|odpowied[źz] automatyczna"
    r"|automatyczna odpowied[źz]|nieobecno[śs][ćc]"
    r"|automatick[áa] odpov[ěe][ďd]|автоответ|автоматический ответ|отсутствие на рабочем месте"
    r"|自動応答|自動返信|不在通知|自动回复|自動回覆|자동 ?회신|부재중)",
    re.IGNORECASE,
)


def why_automatic(
    headers: Headers, *, sender: str | None, subject: str, return_path: str | None
) -> str | None:
    """What shows that a machine wrote this mail, in a few words; None for a person's mail."""
    return (
        _by_header(headers)
        or _by_kind(headers)
        or ("null return path" if return_path == "" else None)
        or ("machine sender" if sender and _MACHINES.fullmatch(sender.partition("@")[0]) else None)
        or ("absence notice by its subject" if _ABSENCE.match(subject) else None)
    )


def _by_header(headers: Headers) -> str | None:
    submitted = headers.line("auto-submitted").partition(";")[0].partition(" ")[0].lower()
    if submitted and submitted != "no":
        return f"Auto-Submitted: {submitted[:40]}"
    if (
        "x-auto-response-suppress" in headers
        and headers.line("x-auto-response-suppress").lower() != "none"
    ):
        return "X-Auto-Response-Suppress"
    precedence = headers.line("precedence").lower()
    if precedence in _BULK:
        return f"Precedence: {precedence}"
    for flag in _FLAGS:
        if flag in headers and headers.line(flag).lower() not in {"no", "false"}:
            return flag.title()
    return None


def _by_kind(headers: Headers) -> str | None:
    if "list-id" in headers or "list-unsubscribe" in headers:
        return "mailing list"
    if (
        "report-type=disposition-notification"
        in headers.raw("content-type").replace('"', "").lower()
    ):
        return "read receipt"
    return None
