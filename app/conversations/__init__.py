"""Conversations: what a shopper and a brand say to each other, and where it stands."""
