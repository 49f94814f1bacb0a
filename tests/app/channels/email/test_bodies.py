import pytest

from tests.app.channels.email.letters import a_mail, incoming

_MIXED = b"Content-Type: multipart/mixed; boundary=m"
_PNG = b"Content-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n"


def test_the_plain_alternative_is_the_text_and_the_html_is_kept():
    read_mail = incoming(
        a_mail(
            b"--a\r\nContent-Type: text/plain\r\n\r\nHello\r\n"
            b"--a\r\nContent-Type: text/html\r\n\r\n<p>Hello <b>you</b></p>\r\n--a--",
            b"Content-Type: multipart/alternative; boundary=a",
        )
    )
    assert read_mail.text == "Hello"
    assert read_mail.html == "<p>Hello <b>you</b></p>"


def test_html_alone_is_also_readable_as_text():
    body = (
        b"<h1>Order</h1><p>One<br>two</p><ul><li>a</li><li>b</li></ul><blockquote>old</blockquote>"
    )
    text = incoming(a_mail(body, b"Content-Type: text/html")).text
    assert text == "Order\n\nOne\ntwo\n\n- a\n- b\n\n> old"


def test_text_between_and_after_files_is_kept():
    body = (
        b"--m\r\n\r\nBefore\r\n--m\r\n"
        + _PNG
        + b"\r\nAAAA\r\n--m\r\n\r\nAfter\r\n--m--\r\nEpilogue"
    )
    read_mail = incoming(a_mail(body, _MIXED))
    assert read_mail.text == "Before\n\nAfter"
    assert [each.filename for each in read_mail.attachments] == ["image-1.png"]


def test_an_image_is_inline_only_when_the_html_shows_it():
    body = (
        b'--m\r\nContent-Type: text/html\r\n\r\n<img src="cid:shown"><img src="cid:missing">\r\n'
        b"--m\r\nContent-ID: <shown>\r\n" + _PNG + b"\r\nAAAA\r\n"
        b"--m\r\nContent-ID: <other>\r\nContent-Disposition: inline\r\n"
        + _PNG
        + b"\r\nBBBB\r\n--m--"
    )
    read_mail = incoming(a_mail(body, _MIXED))
    assert [(each.content_id, each.inline) for each in read_mail.attachments] == [
        ("shown", True),
        ("other", False),
    ]


def test_a_forwarded_mail_is_a_file_of_its_exact_bytes():
    inner = b"From: eve@shop.example\r\nSubject: Inner\r\n\r\n.Body\r\n"
    body = (
        b"--m\r\n\r\nSee below\r\n--m\r\nContent-Type: message/rfc822\r\n\r\n"
        + inner
        + b"\r\n--m--"
    )
    read_mail = incoming(a_mail(body, _MIXED))
    assert read_mail.text == "See below"
    assert read_mail.attachments[0].filename == "message-1.eml"
    assert read_mail.attachments[0].data == inner


def test_a_calendar_invitation_alone_is_readable():
    read_mail = incoming(
        a_mail(b"BEGIN:VCALENDAR\r\nEND:VCALENDAR", b"Content-Type: text/calendar")
    )
    assert "VCALENDAR" in read_mail.text
    assert read_mail.attachments[0].filename == "file-1.ics"


def test_base64_with_garbage_is_read_as_far_as_it_goes():
    header = b"Content-Transfer-Encoding: base64"
    assert incoming(a_mail(b"SGVs*bG8g-eW91!", header)).text == "Hello you"


def test_a_multipart_without_its_boundary_is_shown_as_text():
    assert (
        "Hello" in incoming(a_mail(b"Hello", b"Content-Type: multipart/mixed; boundary=gone")).text
    )


@pytest.mark.parametrize("name", ["run.js", "page.HTML", "logo.svg", "link.lnk", "setup.exe"])
def test_files_that_run_are_marked_blocked_and_the_mail_is_kept(name: str):
    header = f'Content-Type: application/octet-stream; name="{name}"'.encode()
    read_mail = incoming(a_mail(b"x", header))
    assert read_mail.attachments[0].blocked


@pytest.mark.parametrize("name", ["photo.jpg", "invoice.pdf", "winmail.dat", "archive.zip"])
def test_files_that_people_send_are_not_blocked(name: str):
    header = f'Content-Type: application/octet-stream; name="{name}"'.encode()
    assert not incoming(a_mail(b"x", header)).attachments[0].blocked


@pytest.mark.parametrize(
    ("declared", "stored"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\\\Users\\\\eve\\\\a.txt", "a.txt"),
        (".htaccess", "htaccess"),
        ("a\tb.txt", "a b.txt"),
        ("..", "file-1.bin"),
        ("x" * 400 + ".pdf", "x" * 150 + ".pdf"),
    ],
)
def test_file_names_are_safe(declared: str, stored: str):
    header = f'Content-Type: application/octet-stream; name="{declared}"'.encode()
    assert incoming(a_mail(b"x", header)).attachments[0].filename == stored


def test_external_bodies_are_listed_and_never_fetched():
    header = b'Content-Type: message/external-body; access-type=URL; URL="http://127.0.0.1:9/"'
    assert incoming(a_mail(b"Content-Type: image/png\r\n\r\n", header)).attachments


def test_html_longer_than_the_cap_is_cut_and_says_so():
    read_mail = incoming(a_mail(b"<p>hello</p>\r\n" * 200_000, b"Content-Type: text/html"))
    assert len(read_mail.html) < 3_000_000
    assert any("cut" in note for note in read_mail.notes)


def test_html_nested_without_end_is_shown_as_text():
    read_mail = incoming(a_mail(b"<div>" * 20_000 + b"deep", b"Content-Type: text/html"))
    assert read_mail.html is None
    assert read_mail.text == "deep"
