"""Data in: from a clinic's workbook to clean tables."""
