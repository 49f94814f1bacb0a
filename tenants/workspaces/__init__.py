"""Workspaces: one brand's desk each."""
