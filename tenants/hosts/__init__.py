"""Hosts: the name in the address bar decides the look; membership decides access."""
