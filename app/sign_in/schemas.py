"""What the sign-in form sends."""

from marshmallow import EXCLUDE, Schema, fields, validate


class SignInForm(Schema):
    """Address, password, and where the person wanted to go."""

    class Meta:
        """The form token is checked at the door."""

        unknown = EXCLUDE

    email = fields.String(
        required=True, validate=validate.Length(1, 254, error="Enter your mail address.")
    )
    password = fields.String(
        required=True, validate=validate.Length(1, 200, error="Enter your password.")
    )
    next = fields.String(load_default="/")
