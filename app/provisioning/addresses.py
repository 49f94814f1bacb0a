"""Mail addresses as typed into the form."""

import re

from email_validator import EmailNotValidError, validate_email

from app.provisioning.errors import BadAddress

_STAND_IN = "brand.example.com"
_SEPARATORS = re.compile(r"[\s,;]+")


def read_address(text: str, *, own_domain: str = "") -> str:
    """The address in its normal form, in small letters. Raises: BadAddress.

    A domain under `own_domain` is ours to give mail to, whatever name the installation has.
    """
    local, at, domain = text.strip().lower().rpartition("@")
    is_ours = bool(own_domain) and domain.endswith(f".{own_domain}")
    try:
        checked = validate_email(
            f"{local}{at}{_STAND_IN if is_ours else domain}",
            check_deliverability=False,
            allow_smtputf8=False,
        )
    except EmailNotValidError as error:
        raise BadAddress(f"“{text.strip()[:80]}” is not a mail address.") from error
    return f"{checked.local_part.lower()}@{domain if is_ours else checked.ascii_domain}"


def read_addresses(text: str) -> list[str]:
    """Several addresses, apart by commas or lines, each once. Raises: BadAddress."""
    return list(dict.fromkeys(read_address(word) for word in _SEPARATORS.split(text) if word))
