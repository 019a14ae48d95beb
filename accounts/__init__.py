"""The person signed in."""
