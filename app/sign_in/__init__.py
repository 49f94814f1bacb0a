"""Sign-in and sign-out, in the look of the host."""

from app.sign_in.views import bp

__all__ = ["bp"]
