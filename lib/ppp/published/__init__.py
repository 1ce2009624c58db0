"""Page 06: a paper's figures, compared with the cohort and audited."""
