"""What the sender wrote now, apart from what they quote: for display, the full text is kept.

Rules work line by line, in linear time, so that no text can stall the reader. Greetings and device
notes of many languages come from mail-parser-reply; its own expressions are not used, as they miss
headers of several languages and take seconds on hostile text. When in doubt a line stays visible.
"""

import re
from typing import Final

from mailparser_reply.constants import MAIL_LANGUAGES

_MOST_LINES: Final = 4_000
_LONGEST_HEADER: Final = 400
_WRAPPED_FROM: Final = 60

_ADDRESS: Final = re.compile(r"[^\s<>@()\[\]\"]{1,64}@[^\s<>@()\[\]\"]{2,}")
_DATE_OR_TIME: Final = re.compile(
    r"\b\d{1,2}[:.h]\d{2}\b|\b\d{1,4}[./-]\d{1,2}(?:[./-]\d{2,4})?\b|\b(?:19|20)\d{2}\b|[年월月]"
)
_VERB: Final = re.compile(
    r"(?<!\w)(?:wrote|writes|schrieb|schreibt|geschrieben|a écrit|écrit|escribió|escribio"
    r"|escreveu|ha scritto|scrisse"
    r"|schreef|geschreven|skrev|kirjoitti|napisał\(a\)|napisała?|nadesłał|napsal\(a\)|napsala?|написала?|пишет|пишe"
    r"|написав|írta|a scris|έγραψε|yazdı|さんは書きました|写道|寫道|님이 작성)(?!\w)",
    re.IGNORECASE,
)
_WROTE_AT_END: Final = re.compile(
    r"(?:wrote|schrieb|écrit|scritto|escribió|escreveu|schreef|skrev)[\s:*-]*\Z", re.IGNORECASE
)
_OPENER: Final = re.compile(
    r"(?:-{2,}\s*)?(?:on|am|le|el|op|den|il|em|in data|w dniu|dnia|dne|at|a las|le)\s.*\d",
    re.IGNORECASE,
)

_FROM: Final = (
    "from|von|de|da|van|från|fra|od|lähettäjä|от|от кого|від|remitente|mittente|expéditeur"
    "|absender|feladó|gönderen"
    "|发件人|發件人|寄件者|差出人|보낸 ?사람"
)
_OTHERS: Final = (
    "sent|date|to|cc|bcc|subject|reply-to|importance|organization|gesendet|datum|an"
    "|betreff|kopie|antwort an"
    "|envoyé|envoyé le|à|a|objet|sujet|copie à|message du|enviado|enviado el|enviada"
    "|para|asunto|assunto|fecha|data"
    "|inviato|oggetto|verzonden|aan|onderwerp|skickat|till|ämne|sendt|til|emne|dato|kopi|wysłano|wysłane|do|temat|dw"
    "|lähetetty|vastaanottaja|aihe|päivämäärä|отправлено|дата|кому|тема|копия|odesláno|komu|předmět|kopija"
    "|发送时间|收件人|主题|抄送|日期|日時|送信日時|宛先|件名|보낸 ?날짜|받는 ?사람|제목|참조"
)
_FROM_LINE: Final = re.compile(rf"[\s>*]*(?:{_FROM})\s*[:：][\s*]*\S", re.IGNORECASE)
_LABEL_LINE: Final = re.compile(rf"[\s>*]*(?:{_FROM}|{_OTHERS})\s*[:：]", re.IGNORECASE)
_RULED_TITLE: Final = re.compile(r"[\s>*]*[-_=]{2,}\s*\w[^\n]{2,60}?\w\s*[-_=]{2,}\s*")
_ORIGINAL: Final = re.compile(
    r"[\s>*]*[-_=]{2,}\s*(?:original(?: |-)?(?:message|nachricht|meddelelse)"
    r"|ursprüngliche (?:nachricht|mail)"
    r"|message d'origine|message original|mensaje original|mensagem original|messaggio originale"
    r"|oorspronkelijk bericht|originele bericht|originalmeddelande"
    r"|ursprungligt meddelande|opprinnelig melding"
    r"|oprindelig (?:meddelelse|besked)|alkuperäinen viesti"
    r"|wiadomość oryginalna|oryginalna wiadomość"
    r"|původní zpráva|исходное сообщение"
    r"|原始邮件|原始郵件|元のメッセージ|원본 메시지)\s*[-_=]{2,}\s*",
    re.IGNORECASE,
)
_FORWARDED: Final = re.compile(
    r"[\s*]*(?:[-_=]{2,}\s*(?:forwarded message|weitergeleitete nachricht|message transféré"
    r"|mensaje reenviado"
    r"|mensagem encaminhada|messaggio inoltrato|doorgestuurd bericht"
    r"|vidarebefordrat meddelande|videresendt .{4,12}"
    r"|välitetty viesti|przekazana wiadomość|přeposlaná zpráva"
    r"|пересылаемое сообщение|转发邮件|転送メッセージ)"
    r"|(?:begin forwarded message|anfang der weitergeleiteten .{4,12}|début du message réexpédié"
    r"|inizio messaggio inoltrato|inicio del mensaje reenviado)\s*:)",
    re.IGNORECASE,
)
# A heading `… <sam@example.com>:` that a mail client broke before its last two characters.
_BROKEN_END: Final = re.compile(r"\s*>+\s*(?:wrote)?:\s*")
_RULE: Final = re.compile(r"[\s>*]*[-_=—–]{3,}\s*")
_SIGNATURE: Final = re.compile(r"\s*(?:--|__|[—–]+)\s*")
_FOOTER_RULE: Final = re.compile(r"\s*_{30,}\s*")
_POSTSCRIPT: Final = re.compile(r"\s*p\.?\s?p?\.?s\b", re.IGNORECASE)
_LINK: Final = re.compile(r"<[^<>]*>|\[[^\[\]]*\]|\(?https?://\S+")


def _phrases(kind: str) -> str:
    listed = (language.get(kind, "") for language in MAIL_LANGUAGES.values())
    return "|".join(one if isinstance(one, str) else "|".join(one) for one in listed if one)


_SIGN_OFF: Final = re.compile(rf"\s*(?:{_phrases('signatures')})[\s,.!]*", re.IGNORECASE)
_SENT_FROM: Final = re.compile(
    rf"\s*(?:{_phrases('sent_from')}|envoyé (?:à partir|de mon)|gesendet (?:von|mit)"
    r"|von meinem|verstuurd vanaf"
    r"|enviado (?:do|desde|a partir)|inviato (?:da|dal)|lähetetty"
    r"|skickat från|отправлено (?:с|из)|sent (?:from|via|with)"
    r"|(?:iphone|ipad|android)\S* (?:から送信))\b",
    re.IGNORECASE,
)


def visible_reply(text: str) -> str:
    """What the sender wrote around quotes, without signature; all of it when nothing is left."""
    lines = text.splitlines()
    shown, rest = lines[:_MOST_LINES], lines[_MOST_LINES:]
    kept = _without_quotes(shown)
    visible = "\n".join(_without_signature(kept)).strip() or "\n".join(kept).strip()
    if not visible:
        kept = _without_quotes(_below_headers(shown))
        visible = "\n".join(_without_signature(kept)).strip() or text.strip()
    elif rest and len(kept) == len(shown):
        visible = "\n".join([visible, *rest])
    return visible


def _without_quotes(lines: list[str]) -> list[str]:
    """Own lines in order; stops where everything below is one unmarked quote."""
    kept: list[str] = []
    is_lone_arrow = sum(line.lstrip().startswith(">") for line in lines) == 1
    at = 0
    while at < len(lines):
        line = lines[at]
        if _FORWARDED.match(line):
            # What somebody forwards is what they want to show; nothing below is folded.
            return [*kept, *lines[at:]]
        if (
            line.lstrip().startswith(">")
            and not (is_lone_arrow and _is_inside_paragraph(lines, at))
            and not _BROKEN_END.fullmatch(line)
        ):
            at = _end_of_quote(lines, at)
            _drop_header(kept)
        elif _ORIGINAL.fullmatch(line) or _starts_header_block(lines, at):
            return _without_rules(kept)
        elif (length := _attribution_above(kept, line)) is not None:
            kept = kept[: len(kept) - length]
            if not _next_is_marked(lines, at + 1):
                return _without_rules(kept)
            at += 1
        else:
            kept.append(line)
            at += 1
    return kept


def _is_inside_paragraph(lines: list[str], at: int) -> bool:
    """The one line like `> 100 pieces` of a text, right inside a paragraph, is no quote."""
    above = lines[at - 1].strip() if at else ""
    below = lines[at + 1].strip() if at + 1 < len(lines) else ""
    return bool(above and below and not above.endswith(":") and ">" not in (above[0], below[0]))


def _end_of_quote(lines: list[str], at: int) -> int:
    """The first line after a quote; the tail a long line lost by wrapping belongs to it."""
    while at < len(lines):
        if not lines[at].lstrip().startswith(">"):
            resumed = _where_quote_resumes(lines, at)
            if resumed is None or len(lines[at - 1]) < _WRAPPED_FROM:
                break
            at = resumed
        at += 1
    return at


def _where_quote_resumes(lines: list[str], at: int) -> int | None:
    """The next marked line when at most two unmarked ones, and no blank, stand before it."""
    for below in range(at, min(at + 3, len(lines))):
        if lines[below].lstrip().startswith(">"):
            return below
        if not lines[below].strip():
            return None
    return None


def _next_is_marked(lines: list[str], at: int) -> bool:
    following = next((line for line in lines[at : at + 8] if line.strip()), "")
    return following.lstrip().startswith(">")


def _drop_header(kept: list[str]) -> None:
    """Take away the line that announced a quote, also in a language no rule knows."""
    at = len(kept) - 1
    while at >= 0 and not kept[at].strip():
        at -= 1
    if (
        at >= 0
        and kept[at].rstrip().endswith(":")
        and (_ADDRESS.search(kept[at]) or _VERB.search(kept[at]))
    ):
        del kept[at:]


def _attribution_above(kept: list[str], last: str) -> int | None:
    """How many kept lines, with `last`, form one `On … somebody wrote:`; None when they do not.

    In any language: an address or a verb of writing, a date or time, an end like a heading's.
    """
    end = last.rstrip().rstrip("*_ ")
    if (
        not (end.endswith((":", "：", "--")) or _WROTE_AT_END.search(end[-40:]))
        or len(end) > _LONGEST_HEADER
    ):
        return None
    window = end
    for extra in range(4):
        if extra:
            if extra > len(kept) or not kept[-extra].strip() or len(window) > _LONGEST_HEADER:
                return None
            window = f"{kept[-extra].strip()} {window}"
        if _is_attribution(window):
            return extra
    return None


def _is_attribution(window: str) -> bool:
    if not _DATE_OR_TIME.search(window):
        return False
    verb = _VERB.search(window)
    if verb is not None:
        addressed = _ADDRESS.search(window) is not None
        return addressed or _OPENER.match(window) is not None or len(window) < 120
    addresses = list(_ADDRESS.finditer(window))
    if not addresses:
        return False
    tail = window[addresses[-1].end() :]
    return window.rstrip().endswith((":", "：")) and len(tail.strip(' >)]":：*')) <= 12


def _starts_header_block(lines: list[str], at: int) -> bool:
    """Whether `From: … Sent: … Subject: …`, in any language, begins here."""
    if not _LABEL_LINE.match(lines[at]):
        return False
    window = [line for line in lines[at : at + 9] if line.strip()][:7]
    labels = [line for line in window if _LABEL_LINE.match(line)]
    has_sender = any(_FROM_LINE.match(line) for line in labels)
    return (
        has_sender
        and len(labels) >= 2
        and (len(labels) >= 3 or _DATE_OR_TIME.search(" ".join(labels)) is not None)
    )


def _without_rules(kept: list[str]) -> list[str]:
    """Drop the rules and titles that separated the quote from the reply."""
    at = len(kept)
    while at and (
        not kept[at - 1].strip()
        or _RULE.fullmatch(kept[at - 1])
        or _RULED_TITLE.fullmatch(kept[at - 1])
    ):
        at -= 1
    return kept[:at]


def _below_headers(lines: list[str]) -> list[str]:
    """The text of a mail that begins with a header block: the block itself says nothing."""
    at = 0
    while at < len(lines) and (
        not lines[at].strip() or _LABEL_LINE.match(lines[at]) or _RULE.fullmatch(lines[at])
    ):
        at += 1
    return lines[at:]


def _without_signature(lines: list[str]) -> list[str]:
    """Cut what follows a signature mark, a device note, or a closing phrase before a name."""
    for at, line in enumerate(lines):
        if _SIGNATURE.fullmatch(line) or _FOOTER_RULE.fullmatch(line):
            if any(before.strip() for before in lines[:at]) and _ends_briefly(
                lines[at + 1 :], lines_allowed=15
            ):
                return lines[:at]
        elif (_is_device_note(line) and _ends_briefly(lines[at + 1 :], lines_allowed=6)) or (
            _SIGN_OFF.fullmatch(line)
            and any(before.strip() for before in lines[:at])
            and _is_name_block(lines[at + 1 :])
        ):
            return lines[:at]
    return lines


def _ends_briefly(below: list[str], *, lines_allowed: int) -> bool:
    return sum(1 for line in below if line.strip()) <= lines_allowed


def _is_device_note(line: str) -> bool:
    if not _SENT_FROM.match(line):
        return False
    words = _LINK.sub(" ", line).split()
    return len(words) <= 8 and not line.rstrip().endswith((".", "?", "!", ":")) and "," not in line


def _is_name_block(below: list[str]) -> bool:
    """Whether only names, titles and numbers follow: a sentence or a postscript stays."""
    written = [line.strip() for line in below if line.strip()]
    return len(written) <= 8 and not any(
        len(line) > 70
        or _POSTSCRIPT.match(line)
        or (line.endswith((".", "?")) and len(line.split()) > 4)
        for line in written
    )
