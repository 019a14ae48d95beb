"""The curated lists that an offer refers to, read once for a whole page."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from market.models import CompanyStage, Level, Location, RoleFamily
from market.selectors import known_currencies


@dataclass(frozen=True, slots=True, kw_only=True)
class Taxonomy:
    """Every entry by its key, in the order in which people look for it."""

    stages: Mapping[str, CompanyStage]
    role_families: Mapping[str, RoleFamily]
    levels: Mapping[str, Level]
    locations: Mapping[str, Location]
    currencies: tuple[str, ...]


def taxonomy() -> Taxonomy:
    """Return the curated lists; five queries, whatever is in them."""
    locations = list(Location.objects.order_by("-is_country", "label", "pk"))
    codes = {*known_currencies(), *(location.currency for location in locations), "USD"}
    return Taxonomy(
        stages={row.key: row for row in CompanyStage.objects.order_by("rank", "label", "pk")},
        role_families={
            row.key: row for row in RoleFamily.objects.order_by("is_generic", "group", "label")
        },
        levels={row.key: row for row in Level.objects.order_by("track", "rank")},
        locations={row.key: row for row in locations},
        currencies=tuple(sorted(codes)),
    )


NO_TAXONOMY: Final = Taxonomy(stages={}, role_families={}, levels={}, locations={}, currencies=())
"""For forms that are only asked how they would write a value."""
