"""What an unknown workbook holds, and a first ``study.toml`` that reads it; nothing is applied."""
