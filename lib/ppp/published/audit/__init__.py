"""What summary figures alone imply, without patients; exact but for square roots and p-values."""
