"""Secrets at rest and signed tokens, each bound to what they are for."""

import base64
import hashlib
import hmac
import os
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from itsdangerous import BadSignature, SignatureExpired, URLSafeTimedSerializer

from tenants.db import db
from tenants.errors import NotFound

_keys: dict[str, bytes] = {}


def connect(*, secret_key: bytes, credentials_key: bytes) -> None:
    """Take the installation's keys; `credentials_key` has 32 bytes."""
    _keys["secret"] = secret_key
    _keys["credentials"] = credentials_key


def seal(value: str, *, field: str) -> str:
    """Encrypt a secret for the agency in scope and this field only."""
    nonce = os.urandom(12)
    sealed = AESGCM(_keys["credentials"]).encrypt(nonce, value.encode(), _binding(field))
    return base64.b64encode(nonce + sealed).decode()


def unseal(value: str, *, field: str) -> str:
    """The secret back. Raises: ValueError when it was sealed for another agency or field."""
    data = base64.b64decode(value)
    try:
        return AESGCM(_keys["credentials"]).decrypt(data[:12], data[12:], _binding(field)).decode()
    except InvalidTag as error:
        message = f"the sealed value does not belong to {field!r} of this agency"
        raise ValueError(message) from error


def derived_key(purpose: str) -> bytes:
    """32 bytes for one purpose, derived from the installation's secret."""
    return hmac.digest(_keys["secret"], f"key:{purpose}".encode(), hashlib.sha256)


def sign_token(purpose: str, payload: dict[str, Any]) -> str:
    """A URL-safe token that only this installation can make, for this purpose."""
    return URLSafeTimedSerializer(_keys["secret"], salt=purpose).dumps(payload)


def read_token(purpose: str, token: str, *, max_age_seconds: int) -> dict[str, Any]:
    """The payload of a token. Raises: NotFound when altered, expired or of another purpose."""
    try:
        payload: dict[str, Any] = URLSafeTimedSerializer(_keys["secret"], salt=purpose).loads(
            token, max_age=max_age_seconds
        )
    except (BadSignature, SignatureExpired) as error:
        raise NotFound from error
    return payload


def _binding(field: str) -> bytes:
    return f"{db.scope.agency_id}:{field}".encode()
