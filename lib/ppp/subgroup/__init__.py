"""Page 05: the study's subgroup against the others."""
