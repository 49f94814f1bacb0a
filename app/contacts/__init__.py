"""Contacts: the people who write to a brand; screens may say shopper."""
