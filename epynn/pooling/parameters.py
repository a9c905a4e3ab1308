"""What does Pooling learn, and how? Nothing: it has no parameters."""
