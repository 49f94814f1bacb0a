"""Checkout: the payment page a new client goes live through."""
