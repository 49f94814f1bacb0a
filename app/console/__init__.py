"""The agency's console: its clients at a glance, each client's page, its people."""
