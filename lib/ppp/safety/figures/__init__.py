"""Figures of this page."""
