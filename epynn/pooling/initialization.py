"""What exists before the first step of Pooling? Nothing: it has no parameters."""
