"""A client with a little history, and a mail server that takes everything."""

from collections.abc import Iterator

import pytest

from tests.app.conversations.mail_server import MailServer, a_mail_server
from tests.factories.cast import World


@pytest.fixture
def mail_server(world: World) -> Iterator[MailServer]:
    """Where reports go."""
    with a_mail_server() as server:
        yield server
