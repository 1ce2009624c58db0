"""Upadacitinib in refractory palmoplantar pustulosis: from a workbook to an evidence pack."""
