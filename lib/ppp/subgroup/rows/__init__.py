"""Rows of this page."""
