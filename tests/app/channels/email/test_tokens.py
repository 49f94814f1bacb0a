from collections.abc import Callable
from uuid import UUID

import pytest

from app.channels.email.tokens import (
    BadToken,
    is_for_contact,
    is_of_workspace,
    make_message_id,
    make_reply_address,
    make_return_path,
    read_message_id,
    read_reply_address,
    read_return_path,
)

_SECRET = b"a secret of the installation, long enough"
_ACME = UUID("019f0000-0000-7000-8000-00000000ac3e")
_BIRCH = UUID("019f0000-0000-7000-8000-0000000b14c4")
_CONVERSATION = UUID("019f0000-0000-7000-8000-000000000001")
_SAM = UUID("019f0000-0000-7000-8000-000000000005")
_DELIVERY = UUID("019f0000-0000-7000-8000-00000000000d")


def reply_address(conversation: UUID = _CONVERSATION, contact: UUID = _SAM) -> str:
    return make_reply_address(
        _SECRET,
        workspace_id=_ACME,
        conversation_id=conversation,
        contact_id=contact,
        domain="Help.Acme.example",
    )


def test_a_reply_address_names_its_conversation_workspace_and_contact():
    token = read_reply_address(_SECRET, reply_address(), workspace_id=_ACME)
    assert token.conversation_id == _CONVERSATION
    assert is_of_workspace(_SECRET, token, _ACME)
    assert is_for_contact(_SECRET, token, _SAM)
    assert not is_for_contact(_SECRET, token, _BIRCH)


def test_a_reply_address_fits_the_mail_systems_of_the_world():
    local, _, domain = reply_address().partition("@")
    assert len(local) <= 64
    assert domain == "help.acme.example"
    assert local.isascii()
    assert local == local.lower()


def test_a_reply_address_is_the_same_each_time_and_different_for_each_recipient():
    other = UUID("019f0000-0000-7000-8000-000000000002")
    assert reply_address() == reply_address()
    assert len({reply_address(), reply_address(other), reply_address(contact=other)}) == 3


def test_neighbouring_conversations_have_addresses_with_nothing_in_common():
    following = UUID(int=_CONVERSATION.int + 1)
    pairs = zip(reply_address()[6:60], reply_address(following)[6:60], strict=True)
    assert sum(one == other for one, other in pairs) < 12


@pytest.mark.parametrize("change", [str.upper, str.title, lambda text: f" <{text}> "])
def test_a_server_that_changes_case_or_brackets_does_no_harm(change: Callable[[str], str]):
    token = read_reply_address(_SECRET, change(reply_address()))
    assert token.conversation_id == _CONVERSATION


def test_no_altered_character_is_accepted():
    address = reply_address()
    for at in range(len("reply+"), address.index("@")):
        for letter in "aq7":
            if letter != address[at]:
                altered = address[:at] + letter + address[at + 1 :]
                assert read_reply_address(_SECRET, altered) == BadToken("altered")


@pytest.mark.parametrize(
    "local", ["reply+", "reply+abc", "reply+" + "a" * 55, "reply+ä", "reply+1"]
)
def test_a_false_reply_address_is_bad(local: str):
    assert read_reply_address(_SECRET, f"{local}@help.acme.example") == BadToken("altered")


@pytest.mark.parametrize("address", ["help@acme.example", "reply@acme.example", "", "reply+x"])
def test_another_address_is_no_reply_address(address: str):
    assert read_reply_address(_SECRET, address) is None


def test_a_token_of_another_workspace_or_secret_is_bad():
    foreign = read_reply_address(_SECRET, reply_address(), workspace_id=_BIRCH)
    assert foreign == BadToken("of another workspace")
    assert read_reply_address(b"another secret", reply_address()) == BadToken("altered")


def test_a_return_path_names_its_delivery():
    path = make_return_path(
        _SECRET, workspace_id=_ACME, delivery_id=_DELIVERY, domain="acme.example"
    )
    assert len(path.partition("@")[0]) <= 64
    assert read_return_path(_SECRET, path.upper(), workspace_id=_ACME).delivery_id == _DELIVERY
    assert read_return_path(_SECRET, path, workspace_id=_BIRCH) == BadToken("of another workspace")
    assert read_return_path(_SECRET, path.replace("@", "a@")) == BadToken("altered")


def test_one_kind_of_token_never_stands_for_another():
    path = make_return_path(_SECRET, workspace_id=_ACME, delivery_id=_DELIVERY, domain="a.example")
    as_reply = path.replace("bounce+", "reply+")
    assert read_reply_address(_SECRET, as_reply) == BadToken("altered")


def test_our_message_ids_are_recognised_and_all_others_are_not():
    ours = make_message_id(_SECRET, message_id=_DELIVERY, domain="Acme.example")
    assert ours.endswith("@acme.example>")
    assert read_message_id(_SECRET, ours) == read_message_id(_SECRET, ours.upper()) == _DELIVERY
    assert read_message_id(_SECRET, ours.replace("acme", "birch")) is None
    assert read_message_id(_SECRET, "<" + "a" * 42 + "@acme.example>") is None
    assert read_message_id(_SECRET, "<one@shop.example>") is None
    assert read_message_id(b"another secret", ours) is None
