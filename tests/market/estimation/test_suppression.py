"""What may be published of contributions, and an attacker who tries to learn more."""

from collections import defaultdict
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from market.estimation import Contribution, publication, publication_of, releasable


def contributions(*employers, start=0):
    return [Contribution(row, name) for row, name in enumerate(employers, start)]


@pytest.mark.parametrize(
    ("n", "employers", "largest", "middle", "tails"),
    [
        (0, 0, 0, False, False),
        (4, 4, 1, False, False),
        (5, 5, 1, True, False),
        (9, 9, 1, True, False),
        (10, 10, 1, True, True),
        (8, 5, 2, True, False),  # exactly a quarter
        (7, 5, 2, False, False),  # 29%
        (40, 12, 11, False, False),
        (40, 12, 10, True, True),
    ],
)
def test_publication_needs_employers_and_none_above_a_quarter(
    n, employers, largest, middle, tails
) -> None:
    found = publication(n=n, n_employers=employers, largest_employer_n=largest)

    assert (found.has_middle, found.has_tails) == (middle, tails)


@given(st.lists(st.sampled_from("abcdefghijkl"), max_size=40))
def test_publication_equals_counting_by_hand(employers) -> None:
    found = publication_of(contributions(*employers))

    names = set(employers)
    is_spread = all(employers.count(name) * 4 <= len(employers) for name in names)
    assert found.has_middle == (len(names) >= 5 and is_spread)
    assert found.has_tails == (len(names) >= 10 and is_spread)


# --- from one snapshot to the next -------------------------------------------------------------


def test_five_employers_are_released_together() -> None:
    assert releasable(contributions(*"abcd"), released=frozenset()) == frozenset()
    assert releasable(contributions(*"abcde"), released=frozenset()) == frozenset(range(5))


def test_one_more_waits_for_company() -> None:
    first = frozenset(range(5))

    assert releasable(contributions(*"abcdef"), released=first) == first
    assert releasable(contributions(*"abcdefghij"), released=first) == frozenset(range(10))


def test_five_more_of_one_employer_are_no_company() -> None:
    first = frozenset(range(5))

    assert releasable(contributions(*"abcdefffff"), released=first) == first


def test_one_who_withdraws_takes_the_atom_down_until_others_come() -> None:
    first = frozenset(range(6))
    rest = contributions(*"bcdef", start=1)

    assert releasable(rest, released=first) == frozenset()
    more = rest + contributions(*"ghijk", start=6)
    assert releasable(more, released=first) == frozenset(range(1, 11))


@settings(max_examples=60)
@given(st.lists(st.tuples(st.sampled_from("abcdefghij"), st.booleans()), min_size=1, max_size=50))
def test_the_difference_of_two_snapshots_is_never_one_person(moves) -> None:
    """People come and go one by one, each followed by a snapshot that an attacker keeps."""
    present: dict[int, Contribution] = {}
    shown = frozenset()
    employer = {}
    for row, (name, leaves) in enumerate(moves):
        if leaves and present:
            del present[min(present)]
        else:
            present[row] = Contribution(row, name)
            employer[row] = name
        now = releasable(present.values(), released=shown)

        assert now <= present.keys()
        if now and now != shown:
            assert len({employer[r] for r in now - shown}) >= 5
        shown = now or shown


# --- overlapping filters -----------------------------------------------------------------------

ATOMS = [(family, country, remote) for family in "xy" for country in "uv" for remote in "rs"]


def _filters():
    """Every published filter: each dimension fixed or given up."""
    for family in (*"xy", None):
        for country in (*"uv", None):
            for remote in (*"rs", None):
                yield frozenset(
                    atom
                    for atom in ATOMS
                    if family in (None, atom[0])
                    and country in (None, atom[1])
                    and remote in (None, atom[2])
                )


def _published(rows, filters):
    """Rows of each filter that may stand in it: those of atoms that hold the rule."""
    by_atom = defaultdict(list)
    for atom, contribution in rows:
        by_atom[atom].append(contribution)
    holds = {atom for atom, inside in by_atom.items() if publication_of(inside).has_middle}
    return {
        chosen: [c for atom, c in rows if atom in chosen and atom in holds] for chosen in filters
    }


def test_the_attack_works_on_a_rule_that_looks_at_cells_alone() -> None:
    """Six people, five on site: each of both cells holds the rule, their difference is one."""
    site, remote = ("x", "u", "s"), ("x", "u", "r")
    rows = [(site, c) for c in contributions(*"abcde")] + [(remote, Contribution(9, "f"))]

    whole = publication_of([c for _, c in rows])
    part = publication_of([c for atom, c in rows if atom == site])
    assert whole.has_middle
    assert part.has_middle

    shown = _published(rows, [frozenset([site, remote]), frozenset([site])])

    assert len({len(found) for found in shown.values()}) == 1  # nothing to subtract


@settings(max_examples=40)
@given(st.lists(st.tuples(st.sampled_from(ATOMS), st.sampled_from("abcdefghijklmn")), max_size=120))
def test_no_two_filters_leave_fewer_than_five_employers(told) -> None:
    rows = [(atom, Contribution(row, name)) for row, (atom, name) in enumerate(told)]
    shown = _published(rows, set(_filters()))

    for one, other in combinations(shown.values(), 2):
        only = {c.row: c for c in one}
        for contribution in other:
            only.pop(contribution.row, None)
        both = {c.row for c in one} & {c.row for c in other}
        overlap = [c for c in one if c.row in both]
        for rest in (list(only.values()), overlap):
            assert not rest or publication_of(rest).has_middle


def test_no_combination_of_published_counts_names_one_person() -> None:
    """Whatever an attacker adds and subtracts, the smallest thing to solve for is an atom."""
    rng = np.random.default_rng(5)
    rows = [
        (ATOMS[rng.integers(len(ATOMS))], Contribution(row, f"e{rng.integers(14)}"))
        for row in range(160)
    ]
    shown = _published(rows, set(_filters()))
    people = sorted({c.row for found in shown.values() for c in found})
    assert people  # there is something to attack
    place = {row: n for n, row in enumerate(people)}
    matrix = np.zeros((len(shown), len(people)))
    for line, found in enumerate(shown.values()):
        for c in found:
            matrix[line, place[c.row]] = 1

    # A person could be told apart only if a unit vector lay in the row space of the filters.
    _, size, basis = np.linalg.svd(matrix, full_matrices=False)
    space = basis[size > 1e-9]
    reach = (space**2).sum(axis=0)

    assert reach.max() <= 1 / 5 + 1e-9
