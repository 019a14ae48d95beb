"""One module for each field of the form: what in a letter says it, and what only looks like it."""
