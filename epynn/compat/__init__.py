"""Where are modules found that have moved? Under the paths that scripts know, see commons."""
