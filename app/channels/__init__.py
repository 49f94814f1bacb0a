"""Channels: one folder per kind, and the inboxes a brand is reached at."""
