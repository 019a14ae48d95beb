import csv
from pathlib import Path

import pytest

from market.models import RoleFamily
from market.selectors.mapping import title_rules
from market.titles import first_match, normalised

pytestmark = pytest.mark.django_db
MAP = Path(__file__).parents[1] / "reference" / "title_map.csv"


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Sr. Software Engineers", "senior software engineer"),
        ("Back-End / Full-Stack Developer (R&D)", "backend full stack developer r and d"),
        ("C++ Developer", "c++ developer"),
        ("  Jr  Data   Analysts ", "junior data analyst"),
    ],
)
def test_title_is_normalised(title, text):
    assert normalised(title) == text


def test_every_title_of_the_map_goes_where_the_map_says():
    rules = title_rules()
    families = {family.pk: family.key for family in RoleFamily.objects.all()}
    with MAP.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))

    found = [first_match(row["job_title"], rules) for row in rows]

    assert len(rows) == 365
    assert [
        (families[rule.role_family_id], rule.confidence) if rule else None for rule in found
    ] == [(row["role_family"], row["confidence"]) if row["rule"] else None for row in rows]


def test_unmapped_title_has_no_rule():
    assert first_match("Bagger", title_rules()) is None
