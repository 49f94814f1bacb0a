"""Password hashes, and a check that takes as long for a stranger as for a member."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

_hasher = PasswordHasher()
_dummy_hash = _hasher.hash("nobody has this password")


def hash_password(password: str) -> str:
    """An argon2id hash with the library's current parameters."""
    return _hasher.hash(password)


def is_password(password: str, password_hash: str | None) -> bool:
    """Whether the password fits; a missing hash costs the same time and never fits."""
    try:
        _hasher.verify(password_hash or _dummy_hash, password)
    except (VerifyMismatchError, InvalidHashError):
        return False
    return password_hash is not None
