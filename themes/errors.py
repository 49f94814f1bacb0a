"""What a person is told when a look or a logo cannot be used."""

from tenants.errors import DomainError


class BadTheme(DomainError):
    """A token is missing or has a value no page could show."""

    message = "This theme cannot be used."


class BadLogo(DomainError):
    """The uploaded file is not a picture we can show safely."""

    message = "This file cannot be used as a logo."

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message, field="logo")
