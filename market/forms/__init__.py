"""What people ask of the market and tell it."""
