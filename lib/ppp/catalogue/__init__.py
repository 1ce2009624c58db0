"""What the files in data/ say of fields, outcomes and laboratory tests, asked by everyone."""
