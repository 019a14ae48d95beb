"""Values → rows of the market."""

from market.services.reference import load_reference

__all__ = ["load_reference"]
