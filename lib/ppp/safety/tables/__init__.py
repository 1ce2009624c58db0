"""Tables of this page."""
