"""What can be done with a conversation, a file for each kind of verb."""
