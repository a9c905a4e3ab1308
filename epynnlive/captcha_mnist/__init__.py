"""Which digit is it? Ten classes of real handwriting, and a look at the errors."""
