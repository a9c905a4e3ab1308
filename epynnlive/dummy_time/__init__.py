"""Is there a sine in the noise? A network that overfits, and what helps."""
