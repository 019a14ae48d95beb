"""Random cap tables against the search of every set of decisions.

The default run takes a sample; PARLEY_PROOF_TABLES=10000 takes as many as docs/valuation.md reports.
"""

import math
import os
from collections.abc import Iterable
from fractions import Fraction
from typing import Final

import numpy as np
import pytest

from offers.valuation import payout_curve
from tests.factories.random_cap_tables import random_cap_table, random_proceeds
from tests.reference.waterfall_twin import equilibrium_payouts

N_TABLES: Final = int(os.environ.get("PARLEY_PROOF_TABLES", "120"))
N_PARTS: Final = 4


def largest_difference(tables: Iterable[int]) -> float:
    """Return the most dollars by which any class of any table is paid otherwise."""
    worst = 0.0
    for table in tables:
        rng = np.random.default_rng([2026, table])
        cap_table = random_cap_table(rng)
        proceeds = random_proceeds(cap_table, rng)
        paid = payout_curve(cap_table).payouts(np.array([proceeds]))[:, 0]
        assert math.fsum(paid) == pytest.approx(proceeds, abs=0.01)
        found = equilibrium_payouts(cap_table, Fraction(str(proceeds)))
        assert found, "the search found no set of decisions that nobody regrets"
        for expected in found:
            differences = np.abs(paid - [float(amount) for amount in expected.values()])
            worst = max(worst, float(differences.max()))
    return worst


@pytest.mark.parametrize("part", range(N_PARTS))
def test_random_cap_tables_pay_what_exhaustive_search_finds(part: int) -> None:
    assert largest_difference(range(part, N_TABLES, N_PARTS)) <= 0.01


def test_random_cap_tables_have_two_to_eight_classes() -> None:
    tables = [random_cap_table(np.random.default_rng([2026, table])) for table in range(400)]

    assert {len(table.classes) for table in tables} == set(range(2, 9))
