"""One driver process runs the notebooks and makes the pages."""
