"""The gallery's templates, findable by mails and documents."""

from collections.abc import Iterator

import pytest
from jinja2 import ChoiceLoader

from tests.themes.gallery.app import gallery_templates
from themes.environment import environment


@pytest.fixture(scope="module")
def gallery_mails_and_reports() -> Iterator[None]:
    """`gallery/report.html` and `gallery/mail.*` beside the real templates."""
    env = environment()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(env, "loader", ChoiceLoader([env.loader, gallery_templates()]))
        yield
