"""What does an Embedding learn, and how? Nothing: one-hot vectors and scales are fixed."""
