"""Page 02: who the patients were."""
