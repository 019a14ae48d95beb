"""What an offer is worth: a pure room of the standard library, numpy and itself."""
