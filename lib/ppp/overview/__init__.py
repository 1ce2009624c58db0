"""The index: the answer at a glance, and the abstract."""
