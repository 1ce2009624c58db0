"""Page 04: exposure, adverse events and laboratory values."""
