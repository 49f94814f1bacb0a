"""Tiers: what the agency sells, in versions that never change once a client pays for them."""
