"""Rows → values: what a page of a talk needs."""
