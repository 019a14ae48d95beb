"""Values → rows: one business action per function, one transaction each."""
