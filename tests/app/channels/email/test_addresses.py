import pytest

from app.channels.email.addresses import read_address, read_addresses
from app.channels.email.incoming import Mailbox


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("sam@Shop.Example", [Mailbox("sam@shop.example")]),
        ("Sam <sam@shop.example>", [Mailbox("sam@shop.example", "Sam")]),
        ('"Shopper, Sam" <sam@shop.example>', [Mailbox("sam@shop.example", "Shopper, Sam")]),
        ("sam@shop.example (Sam)", [Mailbox("sam@shop.example", "Sam")]),
        ('"a b"@shop.example', [Mailbox('"a b"@shop.example')]),
        ("a@x.example; b@x.example", [Mailbox("a@x.example"), Mailbox("b@x.example")]),
        ("Friends: a@x.example, b@x.example;", [Mailbox("a@x.example"), Mailbox("b@x.example")]),
        ("Sam sam@shop.example", [Mailbox("sam@shop.example", "Sam")]),
        ("ceo@acme.example <eve@x.example>", [Mailbox("eve@x.example", "ceo@acme.example")]),
        ("pete(his)@silly.test", [Mailbox("pete@silly.test", "his")]),
        ("A@x.example, a@X.example", [Mailbox("A@x.example")]),
        ("Bob", []),
        ("", []),
        ("<>", []),
        ("undisclosed-recipients:;", []),
        ("a@x.example b@x.example", []),
        ("a@b@c.example", []),
        ("@x.example", []),
        ("a@", []),
    ],
)
def test_addresses_are_read_as_written(value: str, expected: list[Mailbox]):
    assert list(read_addresses(value, 10)) == expected


def test_an_address_followed_by_another_in_a_false_comment_names_nobody():
    assert read_addresses("alice@example.com)bob@evil.example", 10) == ()


@pytest.mark.parametrize("value", ['"\\"' * 100_000, "(" * 300_000, "<" * 300_000, ":," * 200_000])
def test_address_lists_without_end_are_read(value: str):
    assert read_addresses(value, 10) == ()


@pytest.mark.parametrize("value", ["a@b..example", "a b@c.example", "a@b.example\r\nBcc: x@y", ""])
def test_what_is_no_address_is_none(value: str):
    assert read_address(value) is None
