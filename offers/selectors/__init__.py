"""Rows → values."""
