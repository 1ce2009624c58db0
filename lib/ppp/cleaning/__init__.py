"""Page 01: what was read, what was set aside, and why."""
