"""What was offered, and what it is worth."""
