"""What people type into a talk."""
