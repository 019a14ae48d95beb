"""Range pairs: what two neighbouring rows say."""

from hypothesis import given
from hypothesis import strategies as st

from market.estimation import Posting, midpoint, postings

ROWS = st.lists(st.tuples(st.sampled_from("ab"), st.integers(1, 4)), max_size=14)


def pair(rows):
    return list(postings(rows, alike=lambda row: row[0], amount=lambda row: row[1]))


def test_two_alike_rows_the_higher_first_are_one_range() -> None:
    assert pair([("a", 200), ("a", 150)]) == [Posting(("a", 200), ("a", 150))]
    assert midpoint(200, 150) == 175


def test_equal_amounts_are_a_range_too() -> None:
    assert pair([("a", 200), ("a", 200)]) == [Posting(("a", 200), ("a", 200))]


def test_the_lower_first_is_no_range() -> None:
    assert pair([("a", 150), ("a", 200)]) == [Posting(("a", 150)), Posting(("a", 200))]


def test_rows_that_differ_stand_alone() -> None:
    assert pair([("a", 200), ("b", 150)]) == [Posting(("a", 200)), Posting(("b", 150))]


def test_reading_goes_on_after_a_pair() -> None:
    # The third row would pair with the second, which is taken.
    rows = [("a", 9), ("a", 8), ("a", 7), ("b", 3)]

    assert pair(rows) == [Posting(rows[0], rows[1]), Posting(rows[2]), Posting(rows[3])]


def test_no_rows_are_no_postings() -> None:
    assert pair([]) == []


@given(ROWS)
def test_every_row_is_in_one_posting_in_order(rows) -> None:
    found = pair(rows)

    unfolded = [row for p in found for row in (p.top, p.bottom) if row is not None]
    assert unfolded == rows
    assert all(p.bottom is None or p.top[1] >= p.bottom[1] for p in found)


def _twin(rows):
    """By index, as the definition is written."""
    found, i = [], 0
    while i < len(rows):
        if i + 1 < len(rows) and rows[i][0] == rows[i + 1][0] and rows[i][1] >= rows[i + 1][1]:
            found.append(Posting(rows[i], rows[i + 1]))
            i += 2
        else:
            found.append(Posting(rows[i]))
            i += 1
    return found


@given(ROWS)
def test_pairing_equals_the_definition_by_index(rows) -> None:
    assert pair(rows) == _twin(rows)
