"""What exists before the first step of a Flatten layer? Nothing: it has no parameters."""
