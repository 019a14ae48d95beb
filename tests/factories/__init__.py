"""Makers of rows for tests: dull on purpose."""
