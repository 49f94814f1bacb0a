"""Macros: ready answers, filled with what the conversation knows."""
