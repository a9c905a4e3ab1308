"""Is a row and a column of an image blank? Weights that look everywhere."""
