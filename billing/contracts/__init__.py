"""Contracts: which tier version a client has, what was agreed beside it, where service stands."""
