"""`livery mail import` accounts for every file: filed, duplicate or quarantined with a reason."""

import json
import mailbox
import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app.inbound.commands import mail
from tests.factories.cast import World
from tests.factories.mail import a_mail, an_inbox


@pytest.fixture
def acme(world: World) -> World:
    an_inbox(world, "Acme")
    return world


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty folder, apart from where the test keeps its blobs."""
    made = tmp_path / "mail"
    made.mkdir()
    return made


def run(*args: str) -> Result:
    return CliRunner().invoke(mail, ["import", *args])


def lines(result: Result) -> list[dict]:
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_every_real_mail_is_filed_duplicate_or_quarantined_with_a_reason(acme: World, data: Path):
    folder = data / "email" / "mime"
    files = sorted(path for path in folder.rglob("*") if path.is_file())

    found = lines(run(str(folder), "--inbox", "support@acme.example", "--json"))

    assert [line["file"] for line in found] == [str(path) for path in files]
    assert {line["outcome"] for line in found} <= {"filed", "duplicate", "quarantined"}
    for line in found:
        assert line["workspace"] == "acme"
        if line["outcome"] == "quarantined":
            assert line["reason"].endswith(".")
        else:
            assert line["conversation"]
            assert line["contact"]
    first = {line["conversation"] for line in found if line["outcome"] == "filed"}
    assert all(x["conversation"] in first for x in found if x["outcome"] == "duplicate")
    assert {x["reason"].partition(":")[0] for x in found if x["reason"]} == {"backscatter"}


def test_the_second_import_finds_only_duplicates(acme: World, folder: Path):
    for number in range(3):
        raw = a_mail(message_id=f"<{number}@shop.example>", text=f"Mail {number}")
        (folder / f"{number}.eml").write_bytes(raw)
    args = (str(folder), "--inbox", "support@acme.example", "--json")

    first, second = lines(run(*args)), lines(run(*args))

    assert [line["outcome"] for line in first] == ["filed"] * 3
    assert [line["outcome"] for line in second] == ["duplicate"] * 3
    assert [line["conversation"] for line in first] == [line["conversation"] for line in second]


def test_an_mbox_is_read_mail_by_mail(acme: World, folder: Path):
    box = mailbox.mbox(folder / "old.mbox")
    for number in range(2):
        box.add(a_mail(message_id=f"<{number}@shop.example>", text=f"Mail {number}"))
    box.close()

    found = lines(run(str(folder / "old.mbox"), "--inbox", "support@acme.example", "--json"))

    assert [line["outcome"] for line in found] == ["filed", "filed"]
    assert found[0]["subject"] == "Where is my order?"
    assert found[0]["text"] == "Mail 0"


def test_an_empty_file_and_a_picture_are_quarantined(acme: World, folder: Path):
    (folder / "empty.eml").write_bytes(b"")
    (folder / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40)

    found = lines(run(str(folder), "--inbox", "support@acme.example", "--json"))

    assert [line["outcome"] for line in found] == ["quarantined", "quarantined"]


def test_an_unknown_inbox_is_a_clear_refusal(acme: World, folder: Path):
    (folder / "a.eml").write_bytes(a_mail())

    result = run(str(folder), "--inbox", "nobody@acme.example")

    assert result.exit_code == 1
    assert "No inbox has the address nobody@acme.example." in result.stderr


def test_the_plain_output_ends_with_the_sum(acme: World, folder: Path):
    (folder / "a.eml").write_bytes(a_mail())

    result = run(str(folder), "--inbox", "support@acme.example")

    assert result.stdout.splitlines()[-1] == "1 mails: 1 filed, 0 duplicate, 0 quarantined"


def test_a_single_mail_called_mbox_is_not_overlooked(acme: World, folder: Path):
    (folder / "one.mbox").write_bytes(a_mail())

    found = lines(run(str(folder), "--inbox", "support@acme.example", "--json"))

    assert [line["outcome"] for line in found] == ["filed"]


def test_a_file_name_in_no_encoding_does_not_stop_the_import(acme: World, folder: Path):
    (folder / os.fsdecode(b"gr\xfc\xdfe.eml")).write_bytes(a_mail())

    found = lines(run(str(folder), "--inbox", "support@acme.example", "--json"))

    assert [line["outcome"] for line in found] == ["filed"]
    assert found[0]["file"].endswith("gr\ufffd\ufffde.eml")
