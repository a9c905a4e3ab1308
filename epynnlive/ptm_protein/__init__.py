"""Is a serine or threonine modified? Peptides, and the best that any network can do."""
