"""The doors of the market for people."""
