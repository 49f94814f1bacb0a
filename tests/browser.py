"""A strict page-asking client: knows the hosts, signs people in, carries the form token."""

from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.factories.cast import PASSWORD, World


class Person:
    """One browser of one person on one host."""

    def __init__(self, client: FlaskClient, host: str) -> None:
        self.client = client
        self.host = host

    def get(self, path: str, **kwargs: Any) -> TestResponse:
        """Ask for a page."""
        return self.client.get(path, base_url=f"http://{self.host}", **kwargs)

    def post(self, path: str, data: dict[str, Any] | None = None, **kwargs: Any) -> TestResponse:
        """Send a form, with the token a page would have carried."""
        token = self._form_token()
        return self.client.post(
            path,
            data={**(data or {}), "csrf_token": token},
            base_url=f"http://{self.host}",
            **kwargs,
        )

    def send(self, method: str, path: str, **kwargs: Any) -> TestResponse:
        """Any method, with the form token in its header."""
        headers = {"X-CSRFToken": self._form_token(), **kwargs.pop("headers", {})}
        return self.client.open(
            path, method=method, base_url=f"http://{self.host}", headers=headers, **kwargs
        )

    def _form_token(self) -> str:
        page = self.get("/form-token")
        return page.get_data(as_text=True)


class Browser:
    """Opens browsers for the cast."""

    def __init__(self, app: Flask, world: World) -> None:
        self.app = app
        self.world = world

    def anonymous(self, host: str) -> Person:
        """Somebody nobody knows."""
        return Person(self.app.test_client(), host)

    def sign_in(self, email: str, *, host: str | None = None, password: str = PASSWORD) -> Person:
        """A member, signed in through the form; the host is their own unless given."""
        member_host = host or self.world.host_of(email)
        person = self.anonymous(member_host)
        answer = person.post("/sign-in", {"email": email, "password": password})
        assert answer.status_code == 303, answer.get_data(as_text=True)
        return person
