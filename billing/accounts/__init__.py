"""Billing accounts: through which gateway an agency is paid, and with which secrets."""
