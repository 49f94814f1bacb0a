"""Every sample mail is read by both readers, and agrees with the standard library."""

import json
import random

import pytest

from app.channels.email.incoming import Incoming
from app.channels.email.reader import read
from app.channels.email.wire import pack_result
from tests.app.channels.email import corpus

pytestmark = corpus.needs_corpus

# The library gives up on these headers, or takes a display name for the address.
_BETTER_THAN_REFERENCE = {
    "chatwoot__bounced_with_no_from.eml",
    "rubymail__bad_encoded_subject.eml",
    "rubymail__example13.eml",
    "rubymail__mix_caps_content_type.eml",
    "rubymail__raw_email_incorrect_header.eml",
    "rubymail__raw_email_multiple_from.eml",
    "rubymail__utf8_headers.eml",
    "spamscope__mail_test_19.eml",
}


@pytest.mark.parametrize("tolerant", [False, True])
def test_every_sample_mail_is_read(tolerant: bool):
    assert len(corpus.mails()) == 151
    for path in corpus.mails():
        read_mail = read(path.read_bytes(), tolerant=tolerant)
        assert isinstance(read_mail, Incoming), path.name
        assert read_mail.visible_text.strip() or not read_mail.text.strip(), path.name
        "".join([read_mail.subject, read_mail.text, read_mail.html or ""]).encode("utf-8")


def test_senders_subjects_and_ids_agree_with_the_reference():
    references = corpus.mail_references()
    for path in corpus.mails():
        read_mail, reference = read(path.read_bytes()), references[path.name]
        if path.name in _BETTER_THAN_REFERENCE:
            continue
        senders = [mailbox.address.lower() for mailbox in read_mail.senders]
        assert senders == [address.lower() for address in reference["from"] or []], path.name
        expected = (reference["subject"] or "").encode("ascii", "ignore").split()
        assert read_mail.subject.encode("ascii", "ignore").split() == expected, path.name


def test_no_attachment_of_the_reference_is_missing():
    references = corpus.mail_references()
    for path in corpus.mails():
        names = [each.filename for each in read(path.read_bytes()).attachments]
        for attachment in references[path.name]["attachments"]:
            if attachment["name"] and attachment["name"].isascii():
                # Files inside a forwarded mail stay inside it; one name was cut at its first space.
                found = any(name.startswith(attachment["name"]) for name in names)
                assert found or attachment["name"] == "broken.pdf", path.name


@pytest.mark.parametrize(
    ("name", "action", "recipient"),
    [
        ("rubymail__report_422", "delayed", "fraser@oooooooo.com.au"),
        ("rubymail__report_530", "failed", "edwin@zzzzzzz.com"),
        ("rubymail__multipart_report_multiple_status", "failed", "u@ci.com"),
        ("chatwoot__bounced_with_no_from", "failed", "noreply@example-service.com"),
    ],
)
def test_delivery_reports_are_recognised(name: str, action: str, recipient: str):
    read_mail = read(corpus.mail(name))
    assert (read_mail.bounce.action, read_mail.bounce.recipients[0]) == (action, recipient)
    assert read_mail.is_automatic


@pytest.mark.parametrize("name", ["auto_reply", "auto_reply_with_auto_submitted"])
def test_automatic_replies_are_recognised(name: str):
    assert read(corpus.mail(f"chatwoot__{name}")).is_automatic


_SPLINTERS = [
    *(b"\0", b"\r", b"\n", b"\xff", b"--", b"(", b'"', b"<", b"=?utf-8?b?", b'boundary="', b"*0*="),
    *(
        b";charset=utf-16",
        b";charset=utf-7",
        b"Content-Transfer-Encoding: uuencode\r\n",
        b"&#xD800;",
    ),
    b"Content-Type: multipart/mixed; boundary=x\r\n",
]


def test_no_mutilated_sample_mail_stops_a_reader():
    chance = random.Random(7)  # noqa: S311 - the same splinters each time
    originals = [path.read_bytes()[:8_000] for path in corpus.mails()]
    for _ in range(1_500):
        raw = bytearray(chance.choice(originals))
        for _ in range(chance.randint(1, 12)):
            at = chance.randrange(min(len(raw), 1_500))
            raw[at : at + chance.randrange(40)] = chance.choice(_SPLINTERS)
        for tolerant in (False, True):
            read_mail = read(bytes(raw), tolerant=tolerant)
            if isinstance(read_mail, Incoming):
                head = int.from_bytes(pack_result(read_mail)[:8])
                stored = pack_result(read_mail)[16 : 16 + head]
                # What the database refuses: NUL and lone surrogates.
                assert b"\\u0000" not in stored
                json.dumps(json.loads(stored), ensure_ascii=False).encode()
