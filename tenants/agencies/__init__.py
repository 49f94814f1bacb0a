"""Agencies: who resells support, and who owns everything below."""
