"""Rules every template keeps, ours and those of the features."""

import re
from pathlib import Path

import pytest

from themes.environment import COMPONENTS, environment, template_folders

TEMPLATES = sorted({path for folder in template_folders() for path in folder.rglob("*.html")})
COMMENT = re.compile(r"{#.*?#}", re.DOTALL)
ROOT = Path(__file__).parents[2]


def source(path: Path) -> str:
    return COMMENT.sub("", path.read_text())


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_template_needs_no_exception_from_the_content_policy(path: Path):
    text = source(path)
    assert not re.search(r"\sstyle\s*=", text), "styles belong in a stylesheet"
    assert not re.search(r"\son[a-z]+\s*=\s*[\"']", text), "handlers belong in a module"
    assert not re.search(r"<script(?![^>]*\ssrc=)", text), "scripts belong in a file"
    assert "|safe" not in text.replace(" ", "")


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_only_the_hx_components_know_htmx(path: Path):
    if not path.name.startswith("hx_") and path.name != "base.html":
        assert not re.search(r"[\s\"'](data-)?hx-[a-z]", source(path))


@pytest.mark.parametrize("path", sorted(COMPONENTS.glob("*.html")), ids=lambda path: path.stem)
def test_a_component_is_one_macro_named_like_its_file_and_explained(path: Path):
    assert path.read_text().startswith("{#")
    macros = re.findall(r"{%-? macro (\w+)", path.read_text())
    assert macros == [path.stem]
    assert path.stem in environment().globals


def test_each_icon_a_template_names_is_in_the_sprite():
    listed = set((ROOT / "themes" / "icons.txt").read_text().split("\n"))
    named = {
        name
        for path in TEMPLATES
        for name in re.findall(r"icon(?:_name)?(?:=|\()\"([a-z0-9-]+)\"", source(path))
    }
    assert named
    assert named <= listed
