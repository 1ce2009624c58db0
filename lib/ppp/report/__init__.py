"""Report: results rows in, things to look at out."""
