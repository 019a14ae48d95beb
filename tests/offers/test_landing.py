"""The start page: a comparison worked out on the spot, for everybody."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from offers.sample import COMPANY_NAMES, startup
from offers.selectors.exit_split import exit_split
from offers.selectors.sample import sample_comparison
from offers.selectors.taxonomy import taxonomy
from tests.factories.terms import startup_terms

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 11, 24)


def test_landing_compares_three_offers_without_an_account(client: Client) -> None:
    page = client.get("/")

    words = page.content.decode()
    assert page.status_code == 200
    assert {name for name in COMPANY_NAMES if name in words} == COMPANY_NAMES
    assert f'href="{reverse("account_signup")}"' in words


def test_landing_leads_people_who_are_signed_in_to_their_offers(
    client: Client, candidate: User
) -> None:
    client.force_login(candidate)

    assert client.get("/")["Location"] == reverse("offers:offer_list")


def test_landing_asks_nothing_that_grows(client: Client, django_assert_num_queries) -> None:
    client.get("/")

    with django_assert_num_queries(12):  # lists, priors, and the rates of three previews
        client.get("/")


@pytest.mark.parametrize(
    ("exit_proceeds", "is_participating", "yours"),
    [
        # Debt 6M and preferences 87.5M + 24M + 4.8M: common sees nothing.
        ("80m", True, 0.0),
        # Series B holds 14M of the shares. Its preference of 87.5M and Series A's 24M and the debt
        # leave 132.5M; Seed converts; A takes its money. Shares: 80M - 12M = 68M with B beside its
        # preference, plus 240,000 exercised at 1.85: (132.5M + 0.444M) / 68M = 1.955059.
        ("250m", True, 240_000 * ((132_500_000 + 444_000) / 68_000_000 - 1.85)),
        # At 3B everybody converts: (2,994M + 0.444M) / 80M a share.
        ("3b", True, 240_000 * ((2_994_000_000 + 444_000) / 80_000_000 - 1.85)),
        ("3b", False, 240_000 * ((2_994_000_000 + 444_000) / 80_000_000 - 1.85)),
    ],
)
def test_sample_pays_what_its_stack_says(
    exit_proceeds: str, is_participating: bool, yours: float
) -> None:
    millions = {"80m": 80, "250m": 250, "3b": 3_000}[exit_proceeds]

    sample = sample_comparison(
        exit_proceeds=Decimal(millions) * 1_000_000,
        is_participating=is_participating,
        today=TODAY,
    )

    assert sample.split.yours.payout == pytest.approx(yours, abs=0.01)


@pytest.mark.parametrize("millions", [1, 50, 100, 250, 900, 5_000])
@pytest.mark.parametrize("is_participating", [True, False])
def test_lines_of_the_stack_add_up_to_the_sale(millions: int, is_participating: bool) -> None:
    price = Decimal(millions) * 1_000_000

    sample = sample_comparison(exit_proceeds=price, is_participating=is_participating, today=TODAY)

    assert sum(line.payout for line in sample.lines) == pytest.approx(float(price), abs=0.01)
    assert sum(line.width for line in sample.lines) == pytest.approx(100, abs=0.05)


def test_participation_takes_from_the_employee() -> None:
    def paid(*, is_participating: bool) -> float:
        return sample_comparison(
            exit_proceeds=Decimal(300_000_000), is_participating=is_participating, today=TODAY
        ).split.yours.payout

    assert paid(is_participating=True) < paid(is_participating=False)


def test_split_speaks_of_each_line_in_words() -> None:
    split = exit_split(startup(taxonomy(), today=TODAY), Decimal(250_000_000))

    assert split is not None
    assert [(line.name, line.words) for line in split.slices] == [
        ("Lenders", "Paid before anybody’s shares"),
        ("Series B", "Takes its money back first, and then a share of the rest, up to 2x"),
        ("Series A", "Takes its money back first, 1x"),
        ("Seed", "Converts to common stock: that pays more than its preference"),
        ("Common stock", "Founders, employees and all others with common stock"),
    ]
    assert split.yours.words == "240,000 options: a share gets $1.96, and each option costs $1.85"
    assert split.at_ownership == pytest.approx(750_000)


def test_split_is_not_made_up_where_the_stack_is_unknown() -> None:
    terms = startup_terms()

    assert exit_split(replace(terms, stock_classes=()), Decimal(10**8)) is None
    assert exit_split(replace(terms, cap_table=None), Decimal(10**8)) is None
    assert exit_split(replace(terms, grants=()), Decimal(10**8)) is None


def test_landing_answers_htmx_with_the_part_and_keeps_what_was_typed(client: Client) -> None:
    part = client.get(
        "/",
        {"exit_proceeds": "45m", "is_participating": "on"},
        headers={"HX-Request": "true", "HX-Target": "sample"},
    ).content.decode()

    assert part.lstrip().startswith('<div id="sample"')
    assert 'value="45m"' in part
    assert "<html" not in part


@pytest.mark.parametrize("typed", ["", "a lot", "-5", "1e999", "9" * 5000, "\x00", "2bn bn", "1t"])
def test_landing_says_what_is_wrong_beside_the_field(client: Client, typed: str) -> None:
    answer = client.get("/", {"exit_proceeds": typed})

    words = answer.content.decode()
    assert answer.status_code == 422
    assert 'id="id_exit_proceeds-error"' in words or "id_exit_proceeds_error" in words


def test_robots_are_kept_from_shared_pages(client: Client) -> None:
    answer = client.get("/robots.txt")

    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert "Disallow: /s/\n" in answer.content.decode()
