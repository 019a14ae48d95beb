"""What to ask for next, with what evidence, in which words, and what was promised."""
