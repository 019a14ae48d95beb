"""Values → rows of the market."""

from market.services.reference import REFERENCE, load_reference

__all__ = ["REFERENCE", "load_reference"]
