"""Where replies go in these tests."""

from collections.abc import Iterator

import pytest

from tests.app.conversations.mail_server import MailServer, a_mail_server
from tests.factories.cast import World


@pytest.fixture
def mail_server(world: World) -> Iterator[MailServer]:
    """A mail server that takes everything, unless told otherwise."""
    with a_mail_server() as server:
        yield server
