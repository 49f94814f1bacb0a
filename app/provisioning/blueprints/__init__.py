"""Blueprints: what a new client's desk starts with, as data with a version.

A version is never edited once clients were opened from it: a change is a new version beside it.
"""
