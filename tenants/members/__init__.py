"""People of an agency and of its clients: sign-in, sessions, roles."""
