"""Builders of what tests talk about, through the real operations where there are any."""
