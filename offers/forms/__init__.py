"""What people type, parsed and checked; services write it."""
