"""Page 03: change on treatment, and responders."""
