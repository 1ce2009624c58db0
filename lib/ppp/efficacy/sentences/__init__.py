"""Sentences of this page."""
