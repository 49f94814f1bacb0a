"""What arrived: stored, read, filed to contact and conversation, or quarantined with a reason."""
