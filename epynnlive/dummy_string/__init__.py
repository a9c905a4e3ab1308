"""Are the first and the last letter of a string equal? Networks that see, or remember, both."""
