import pytest

from app.channels.email.incoming import REASONS, Incoming, Refused
from app.channels.email.limits import DEFAULT_LIMITS, Limits, check_bytes
from app.channels.email.reader import read
from tests.app.channels.email.letters import a_mail, incoming, refused


def nested(levels: int) -> bytes:
    body = b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (level, level)
        for level in range(levels)
    )
    return b"From: sam@shop.example\r\nSubject: Deep\r\n" + body + b"\r\nHello"


def parts(number: int) -> bytes:
    return a_mail(b"--b\r\n\r\nx\r\n" * number, b"Content-Type: multipart/mixed; boundary=b")


def test_a_mail_larger_than_the_limit_is_too_large():
    assert refused(b"x" * (DEFAULT_LIMITS.total_bytes + 1)).reason == "too_large"


def test_a_mail_just_below_the_limit_is_read():
    body = (b"y" * 74 + b"\r\n") * 1000
    raw = a_mail(body)
    assert check_bytes(raw, Limits(total_bytes=len(raw))) is None
    assert isinstance(check_bytes(raw, Limits(total_bytes=len(raw) - 1)), Refused)


@pytest.mark.parametrize("levels", [300, 20_000])
def test_parts_nested_without_end_are_too_deep(levels: int):
    assert refused(nested(levels)).reason == "too_deep"


def test_messages_inside_messages_without_end_are_too_deep():
    assert refused(b"Content-Type: message/rfc822\r\n\r\n" * 300 + b"x").reason == "too_deep"


def test_parts_nested_as_honest_mail_nests_them_are_read():
    assert incoming(nested(12)).text == "Hello"


def test_fifty_thousand_parts_are_too_many():
    assert refused(parts(50_000)).reason == "too_many_parts"


def test_a_hundred_parts_are_read():
    assert incoming(parts(100)).text.split() == ["x"] * 100


def test_boundary_lines_quoted_in_a_text_are_no_parts():
    body = b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n" * 2_000
    assert incoming(a_mail(body)).subject == "Parcel"


def test_a_header_line_of_five_megabytes_is_over_the_header_limit():
    assert refused(a_mail(b"x", b"X-Long: " + b"a" * 5_000_000)).reason == "header_limit"


def test_thousands_of_header_fields_are_over_the_header_limit():
    assert refused(a_mail(b"x", *[b"X-Many: 1"] * 2_000)).reason == "header_limit"


def test_a_content_type_built_to_take_quadratic_time_is_over_the_header_limit():
    raw = a_mail(b"x", b"Content-Type: text/plain" + b";" * 500_000)
    assert refused(raw).reason == "header_limit"


def test_thirty_received_lines_are_a_loop_and_twenty_nine_are_not():
    assert refused(a_mail(b"x", *[b"Received: by relay.example"] * 30)).reason == "loop"
    assert incoming(a_mail(b"x", *[b"Received: by relay.example"] * 29)).text == "x"


@pytest.mark.parametrize("raw", [b"", b"\r\n\r\n", b"From: sam@shop.example\r\n\r\n", b"X: 1"])
def test_a_mail_that_says_nothing_is_blank(raw: bytes):
    assert refused(raw).reason == "blank"


def test_a_subject_alone_is_a_message():
    assert incoming(b"Subject: Please call me\r\n\r\n").subject == "Please call me"


def test_twenty_thousand_recipients_are_stored_up_to_the_cap():
    recipients = b",\r\n ".join(b"user%d@shop.example" % number for number in range(20_000))
    read_mail = incoming(b"To: " + recipients + b"\r\nFrom: sam@shop.example\r\n\r\nHello")
    assert len(read_mail.to) == DEFAULT_LIMITS.addresses
    assert read_mail.to[0].address == "user0@shop.example"


def test_every_refusal_of_the_reader_has_a_sentence():
    for raw in (b"", nested(300), parts(50_000), a_mail(b"x", b"X: " + b"a" * 5_000_000)):
        assert refused(raw).sentence == REASONS[refused(raw).reason]


def test_a_refused_mail_does_not_spoil_the_next():
    read(nested(300))
    assert isinstance(read(a_mail()), Incoming)
