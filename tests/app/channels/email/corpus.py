"""The sample mails the tests read: a folder outside the repository, named by LIVERY_DATA."""

import gzip
import json
import os
from pathlib import Path
from typing import Any

import pytest

_ROOT = Path(os.environ.get("LIVERY_DATA", Path(__file__).parents[5] / "shared" / "data"))

needs_corpus = pytest.mark.skipif(not _ROOT.is_dir(), reason="set LIVERY_DATA to the sample data")


def mails() -> list[Path]:
    return sorted((_ROOT / "email" / "mime").glob("*.eml"))


def mail(name: str) -> bytes:
    return (_ROOT / "email" / "mime" / f"{name}.eml").read_bytes()


def mail_references() -> dict[str, dict[str, Any]]:
    return {each["file"]: each for each in _lines("mime_reference.jsonl")}


def reply_cases() -> list[dict[str, Any]]:
    return _lines("reply_expected.jsonl")


def reply_text(name: str) -> str:
    path = _ROOT / "email" / "reply" / name
    data = gzip.decompress(path.read_bytes()) if name.endswith(".gz") else path.read_bytes()
    return data.decode("utf-8", "replace")


def quoted_html() -> list[Path]:
    return sorted((_ROOT / "email" / "html_quoted").glob("*.html"))


def hostile_html() -> list[str]:
    cases = json.loads((_ROOT / "input" / "html_sanitise_cases.json").read_text())
    payloads = (_ROOT / "input" / "xss_payloads.txt").read_text(errors="replace").splitlines()
    return [case["html"] for case in cases] + payloads


def naughty_strings() -> list[str]:
    return json.loads((_ROOT / "input" / "naughty_strings.json").read_text())


def _lines(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (_ROOT / "email" / name).read_text().splitlines()]
