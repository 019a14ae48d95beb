"""The first page, and the example that runs on it."""

import pytest
from django.test import Client

from offers.sample import sample_payout

pytestmark = pytest.mark.django_db


def test_landing_needs_no_account_and_computes_the_example(client: Client) -> None:
    page = client.get("/")

    words = page.content.decode()
    assert page.status_code == 200
    assert f"${sample_payout(40e6, is_participating=False).yours:,.0f}" in words
    assert "Enter your first offer" in words


@pytest.mark.parametrize(
    ("exit_proceeds", "is_participating", "yours"),
    [
        (20e6, False, 0.0),
        (39_960_000.0, False, 160_000.0),
        (44_960_000.0, True, 126_400.0),
        (89_960_000.0, False, 560_000.0),
    ],
)
def test_example_pays_what_its_kinks_say(
    exit_proceeds: float, is_participating: bool, yours: float
) -> None:
    # At $39.96M a common share reaches $2.50, at $89.96M $7.50. With participation $20M comes first
    # and 12,000,000 shares divide the rest and the exercise money.
    paid = sample_payout(exit_proceeds, is_participating=is_participating).yours

    expected = (
        80_000 * ((exit_proceeds - 20e6 + 40_000) / 12e6 - 0.5) if is_participating else yours
    )
    assert paid == pytest.approx(expected, abs=0.01)


def test_landing_answers_htmx_with_the_part_and_keeps_what_was_typed(client: Client) -> None:
    part = client.get(
        "/",
        {"exit_proceeds": "45m", "is_participating": "on"},
        headers={"HX-Request": "true", "HX-Target": "sample"},
    ).content.decode()

    assert part.lstrip().startswith('<div id="sample"')
    assert 'value="45m"' in part
    assert "$45,000,000" in part


@pytest.mark.parametrize("typed", ["", "a lot", "-5", "1e999", "9" * 5000, "\x00", "2bn"])
def test_landing_says_what_is_wrong_beside_the_field(client: Client, typed: str) -> None:
    answer = client.get("/", {"exit_proceeds": typed})

    assert answer.status_code == 422
    assert "There is a problem" in answer.content.decode()
