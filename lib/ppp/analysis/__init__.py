"""Cohort frames in, results rows out."""
