import pytest

from tests.app.channels.email.letters import a_mail, incoming


def a_report(action: bytes, *, kind: bytes = b"delivery-status") -> bytes:
    body = (
        b"--r\r\n\r\nYour mail could not be delivered.\r\n"
        b"--r\r\nContent-Type: message/delivery-status\r\n\r\n"
        b"Reporting-MTA: dns; mx.shop.example\r\n\r\n"
        b"Final-Recipient: rfc822; sam@shop.example\r\nAction: " + action + b"\r\nStatus: 5.1.1\r\n"
        b"Diagnostic-Code: smtp; 550 5.1.1\r\n unknown user\r\n"
        b"--r\r\nContent-Type: message/rfc822\r\n\r\n"
        b"Message-ID: <ours@acme.example>\r\n\r\nHi\r\n--r--"
    )
    header = b"Content-Type: multipart/report; report-type=" + kind + b"; boundary=r"
    return a_mail(body, header, b"Return-Path: <>", b"Delivered-To: bounce+token@acme.example")


@pytest.mark.parametrize(
    ("written", "read"),
    [(b"failed", "failed"), (b"Delayed (will retry)", "delayed"), (b"relayed", "delivered")],
)
def test_a_delivery_report_tells_what_became_of_which_mail(written: bytes, read: str):
    read_mail = incoming(a_report(written))
    assert read_mail.bounce.action == read
    assert read_mail.bounce.recipients == ("sam@shop.example",)
    assert read_mail.bounce.original_message_ids == ("<ours@acme.example>",)
    assert read_mail.bounce.status == "5.1.1"
    assert read_mail.bounce.diagnostic == "smtp; 550 5.1.1 unknown user"
    assert read_mail.delivered_to == ("bounce+token@acme.example",)
    assert read_mail.is_automatic


def test_a_report_in_the_habit_of_qmail_is_recognised():
    raw = (
        b"Return-Path: <>\r\nFrom: MAILER-DAEMON@shop.example\r\nSubject: failure notice\r\n\r\n"
        b"Hi. This is the qmail-send program at shop.example.\r\n"
        b"I'm afraid I wasn't able to deliver your message to the following addresses.\r\n"
        b"This is a permanent error; I've given up. Sorry it didn't work out.\r\n\r\n"
        b"<sam@shop.example>:\r\nNo such user.\r\n\r\n--- Below this line is a copy.\r\n"
    )
    read_mail = incoming(raw)
    assert read_mail.bounce.action == "failed"
    assert read_mail.bounce.recipients == ("sam@shop.example",)


def test_a_complaint_names_who_complained():
    body = (
        b"--r\r\n\r\nAn abuse report\r\n--r\r\nContent-Type: message/feedback-report\r\n\r\n"
        b"Feedback-Type: abuse\r\nOriginal-Rcpt-To: <sam@shop.example>\r\n--r--"
    )
    header = b"Content-Type: multipart/report; report-type=feedback-report; boundary=r"
    bounce = incoming(a_mail(body, header)).bounce
    assert (bounce.action, bounce.recipients) == ("complaint", ("sam@shop.example",))


def test_a_person_who_writes_about_a_failed_delivery_is_no_bounce():
    raw = b"From: sam@shop.example\r\nSubject: Delivery failed: nobody rang\r\n\r\nHello"
    assert incoming(raw).bounce is None
