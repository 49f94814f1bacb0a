"""The mirror: the provider's objects as last fetched. Shown, never a source of rights."""
