"""What does a Flatten layer learn, and how? Nothing: it has no parameters."""
