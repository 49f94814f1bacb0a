"""Events of the provider: stored once each, then followed up by looking at what is true now."""
