"""What does Dropout learn, and how? Nothing: it has no parameters."""
