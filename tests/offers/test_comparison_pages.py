"""Comparisons as a browser meets them: the list, one of them, its assumptions, its offers."""

import datetime as dt
import gzip
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from offers import services
from offers.models import Comparison, Offer, Valuation
from tests.answers import told
from tests.factories.terms import exit_scenarios, public_terms, startup_terms

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)
OUTCOMES = {"HX-Request": "true", "HX-Target": "outcomes"}
VIEWS = ["detail", "assumptions", "offers", "delete"]


def record(owner: User, *, name: str, is_public: bool = True) -> Offer:
    terms = public_terms() if is_public else startup_terms(exit_scenarios=exit_scenarios())
    terms.company.name = name
    return services.record_offer(owner=owner, terms=terms, as_of=NOW)


def compare(owner: User, offers: list[Offer], **changes: Any) -> Comparison:
    fields = {"name": "The long list", "currency": "USD", "horizon_years": 4}
    return services.compare_offers(owner=owner, offers=offers, **{**fields, **changes})


@pytest.fixture
def offers(candidate: User) -> list[Offer]:
    return [
        record(candidate, name=f"Company {number}", is_public=number % 2 == 0)
        for number in range(6)
    ]


@pytest.fixture
def comparison(candidate: User, offers: list[Offer]) -> Comparison:
    return compare(candidate, offers[:2])


@pytest.fixture
def browser(candidate: User, client: Client) -> Client:
    client.force_login(candidate)
    return client


def at(name: str, comparison: Comparison, query: str = "") -> str:
    return reverse(f"offers:comparison_{name}", args=[comparison.pk]) + query


def finish_simulations() -> None:
    Valuation.objects.update(n_paths=2_000)
    for valuation in Valuation.objects.all():
        services.run_valuation(valuation_id=valuation.pk, clock=timezone.now)


def title_of(page: str) -> str:
    found = re.search(r"<title>(.*?)</title>", page, re.DOTALL)
    assert found
    return found[1]


# --- whose they are ----------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["get", "head", "post", "put", "patch", "delete", "options"])
@pytest.mark.parametrize("view", VIEWS)
def test_stranger_gets_the_answer_of_what_never_was(
    comparison: Comparison, stranger: User, client: Client, view: str, method: str
) -> None:
    client.force_login(stranger)
    never = Comparison(pk=comparison.pk + 1)

    answers = [getattr(client, method)(at(view, each)) for each in (comparison, never)]

    assert answers[0].status_code == 404
    assert told(answers[0]) == told(answers[1])
    assert Comparison.objects.filter(pk=comparison.pk).exists()


@pytest.mark.parametrize("view", VIEWS)
def test_owner_is_told_which_methods_there_are(
    comparison: Comparison, browser: Client, view: str
) -> None:
    assert browser.put(at(view, comparison)).status_code == 405


def test_stranger_sees_an_empty_list_and_none_of_the_offers(
    comparison: Comparison, stranger: User, client: Client
) -> None:
    client.force_login(stranger)

    for name in ("comparison_list", "comparison_new"):
        page = client.get(reverse(f"offers:{name}")).content.decode()
        assert "The long list" not in page
        assert "Company 0" not in page


def test_stranger_cannot_compare_offers_of_others(
    offers: list[Offer], stranger: User, client: Client
) -> None:
    client.force_login(stranger)
    record(stranger, name="Mine")
    record(stranger, name="Mine too")
    posted = {
        "offers": [offers[0].pk, offers[1].pk],
        "name": "Theirs",
        "currency": "USD",
        "horizon_years": "4",
        "discount_rate": "0",
    }

    answer = client.post(reverse("offers:comparison_new"), posted)

    assert answer.status_code == 422
    assert "One of these offers is gone. Choose again." in answer.content.decode()
    assert not Comparison.objects.exists()


@pytest.mark.parametrize("view", [*VIEWS, "list", "new"])
def test_comparisons_ask_to_sign_in(comparison: Comparison, client: Client, view: str) -> None:
    address = at(view, comparison) if view in VIEWS else reverse(f"offers:comparison_{view}")

    answer = client.get(address)

    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_login"))


# --- the page ----------------------------------------------------------------------------------


@pytest.mark.parametrize("n_offers", [2, 6])
def test_detail_asks_the_same_questions_for_any_number(
    candidate: User,
    browser: Client,
    offers: list[Offer],
    django_assert_num_queries: Any,
    n_offers: int,
) -> None:
    comparison = compare(candidate, offers[:n_offers])
    finish_simulations()
    browser.get(at("detail", comparison))

    with django_assert_num_queries(DETAIL_QUERIES):
        page = browser.get(at("detail", comparison)).content.decode()

    assert page.count('<div class="offer o-') == n_offers


@pytest.mark.parametrize("n_comparisons", [1, 3])
def test_list_asks_the_same_questions_for_any_number(
    candidate: User,
    browser: Client,
    offers: list[Offer],
    django_assert_num_queries: Any,
    n_comparisons: int,
) -> None:
    for _ in range(n_comparisons):
        compare(candidate, offers[:3])
    browser.get(reverse("offers:comparison_list"))

    with django_assert_num_queries(LIST_QUERIES):
        page = browser.get(reverse("offers:comparison_list")).content.decode()

    assert page.count("Company 0, Company 1, Company 2") == n_comparisons


def test_detail_shows_every_lens_and_both_kinds_of_money(
    comparison: Comparison, browser: Client
) -> None:
    finish_simulations()

    page = browser.get(at("detail", comparison)).content.decode()

    for lens in ("glance", "years", "vesting", "payouts", "outcomes", "terms"):
        assert page.count(f'id="{lens}"') == 1, lens
    assert "$1.24M" in page
    assert "$640k" in page
    assert "$560k" in page
    assert "$1.80M" not in page  # private stock never swells a total
    assert page.count('class="dot"') == 40


def test_titles_name_neither_company_nor_amount(comparison: Comparison, browser: Client) -> None:
    addresses = [at(view, comparison) for view in VIEWS]
    addresses += [reverse("offers:comparison_list"), reverse("offers:comparison_new")]

    for address in addresses:
        title = title_of(browser.get(address).content.decode())
        assert "Company" not in title
        assert "long list" not in title
        assert not re.search(r"\d", title), title


def test_pages_obey_the_content_security_policy(comparison: Comparison, browser: Client) -> None:
    for view in VIEWS:
        answer = browser.get(at(view, comparison))
        page = answer.content.decode()
        assert "unsafe" not in answer["Content-Security-Policy"]
        assert " style=" not in page
        assert "<style" not in page
        assert not re.search(r"\son[a-z]+=", page), view
        assert "no-store" in answer["Cache-Control"]


def test_detail_of_six_offers_is_small(
    candidate: User, browser: Client, offers: list[Offer]
) -> None:
    comparison = compare(candidate, offers)
    finish_simulations()

    page = browser.get(at("detail", comparison)).content

    assert len(gzip.compress(page)) < 40_000  # fonts, style and script share the other 110 kB


def test_detail_shows_only_rows_that_differ(comparison: Comparison, browser: Client) -> None:
    everything = browser.get(at("detail", comparison)).content.decode()
    differing = browser.get(at("detail", comparison, "?rows=differing")).content.decode()

    assert 'href="?rows=differing#terms"' in everything
    assert "Show all rows" in differing
    assert everything.count("Sign-on bonus") == differing.count("Sign-on bonus") == 1
    assert everything.count('scope="row">Target bonus') == 1
    assert differing.count('scope="row">Target bonus') == 0


def test_detail_lets_a_phone_pick_three_offers(
    candidate: User, browser: Client, offers: list[Offer]
) -> None:
    comparison = compare(candidate, offers)

    page = browser.get(at("detail", comparison, "?show=b,d,f&horizon_years=3")).content.decode()

    bar = page[page.index('class="offer-bar"') : page.index('id="glance"')]
    assert re.findall(r'class="offer o-(\w)( only-large)?"', bar) == [
        ("a", " only-large"), ("b", ""), ("c", " only-large"),
        ("d", ""), ("e", " only-large"), ("f", ""),
    ]  # fmt: skip
    assert 'class="matrix n6 s3"' in page
    assert "?show=a%2Cb%2Cd&amp;horizon_years=3" in page


def test_detail_says_what_is_left_when_an_offer_is_deleted(
    comparison: Comparison, browser: Client, offers: list[Offer]
) -> None:
    services.delete_offer(offer=offers[0])

    answer = browser.get(at("detail", comparison))

    assert answer.status_code == 200
    assert "Fewer than two offers are left here" in answer.content.decode()


def test_detail_renumbers_letters_after_a_deletion(
    candidate: User, browser: Client, offers: list[Offer]
) -> None:
    comparison = compare(candidate, offers[:3])
    services.delete_offer(offer=offers[0])

    page = browser.get(at("detail", comparison)).content.decode()

    assert "Offer A, Company 1" in page
    assert "Offer B, Company 2" in page


# --- work in the background --------------------------------------------------------------------


def test_outcomes_poll_until_every_simulation_is_there(
    comparison: Comparison, browser: Client
) -> None:
    waiting = browser.get(at("detail", comparison, "?horizon_years=3"), headers=OUTCOMES)
    part = waiting.content.decode()
    assert waiting.status_code == 200
    assert part.lstrip().startswith('<section class="sec" id="outcomes"')
    assert f'hx-get="{at("detail", comparison, "?horizon_years=3")}"' in part
    assert 'hx-trigger="every 2s"' in part
    assert part.count("Being worked out") == 2
    assert 'id="glance"' not in part

    finish_simulations()
    done = browser.get(at("detail", comparison), headers=OUTCOMES)

    part = done.content.decode()
    assert done.status_code == 286
    assert "every 2s" not in part
    assert part.count('class="dot"') == 40
    assert part.count('hx-swap-oob="true"') == 2
    assert "The range of outcomes is ready." in part
    assert {"HX-Request", "HX-Target"} <= set(done["Vary"].replace(" ", "").split(","))


def test_detail_never_stops_polling_of_a_plain_visit(
    comparison: Comparison, browser: Client
) -> None:
    finish_simulations()

    answer = browser.get(at("detail", comparison))

    assert answer.status_code == 200
    assert "hx-swap-oob" not in answer.content.decode()


def test_detail_without_a_broker_says_pending(
    comparison: Comparison, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ConnectionError

    monkeypatch.setattr("redis.connection.Connection.connect", broken)

    answer = browser.get(at("detail", comparison))

    assert answer.status_code == 200
    page = answer.content.decode()
    assert page[: page.index('id="joint"')].count("Waiting for its turn.") == 2


def test_detail_of_a_failed_simulation_offers_another_try(
    comparison: Comparison, browser: Client, offers: list[Offer]
) -> None:
    Valuation.objects.update(state="failed", last_error="The engine stumbled.")

    page = browser.get(at("detail", comparison)).content.decode()

    retries = [reverse("offers:valuation_retry", args=[offer.pk]) for offer in offers[:2]]
    assert page.count("The simulation did not finish") == 2
    assert all(f'action="{retry}"' in page for retry in retries)
    assert "hx-trigger" not in page[: page.index('id="joint"')]


def test_detail_keeps_the_last_result_dimmed_while_a_new_one_is_owed(
    comparison: Comparison, browser: Client, offers: list[Offer]
) -> None:
    finish_simulations()
    revision = offers[1].revisions.get()
    revision.grants.update(quantity=Decimal(90_000))
    services.request_valuation(revision=revision, as_of=timezone.now() + dt.timedelta(minutes=1))

    page = browser.get(at("detail", comparison)).content.decode()

    assert page.count("Out of date, being worked out again") == 2  # at a glance, and in its place
    assert page.count(' stale"') == 1
    assert page.count('class="dot"') == 40


# --- assumptions -------------------------------------------------------------------------------


def test_what_if_shows_other_assumptions_and_changes_nothing(
    comparison: Comparison, browser: Client
) -> None:
    before = Comparison.objects.values().get(pk=comparison.pk)

    page = browser.get(
        at("detail", comparison, "?horizon_years=2&currency=GBP&discount_rate=0")
    ).content.decode()

    assert "Two offers, two years, in GBP" in page
    assert "You are trying other assumptions." in page
    assert 'name="horizon_years" value="2"' in page
    assert Comparison.objects.values().get(pk=comparison.pk) == before


def test_what_if_of_the_saved_assumptions_says_nothing(
    comparison: Comparison, browser: Client
) -> None:
    page = browser.get(at("detail", comparison, "?horizon_years=4")).content.decode()

    assert "You are trying other assumptions." not in page


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("horizon_years=11", "Write a number of years, 1 to 10."),
        ("horizon_years=0", "Write 1 or more."),
        ("horizon_years=", "Write a number of years, 1 to 10."),
        ("discount_rate=101", "Write 100% or less."),
        ("discount_rate=0.12345", "That has more decimals than we keep."),
        ("currency=XXX", "Choose a currency from the list."),
    ],
)
def test_what_if_that_cannot_be_read_keeps_the_saved_assumptions(
    comparison: Comparison, browser: Client, query: str, message: str
) -> None:
    answer = browser.get(at("detail", comparison, f"?{query}"))

    page = answer.content.decode()
    assert answer.status_code == 422
    assert page.count(message) == 2  # beside the field, and in the summary
    assert "Two offers, four years, in USD" in page
    assert title_of(page).startswith("Error:")


def test_keep_these_saves_what_was_tried(comparison: Comparison, browser: Client) -> None:
    tried = browser.get(
        at("detail", comparison, "?horizon_years=6&discount_rate=5.25%25")
    ).content.decode()
    form = tried[tried.index("You are trying") :]
    posted = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form)[:4])

    answer = browser.post(at("assumptions", comparison), posted)

    comparison.refresh_from_db()
    assert answer["Location"] == at("detail", comparison)
    assert (comparison.horizon_years, comparison.discount_rate) == (6, Decimal("0.0525"))
    assert (comparison.name, comparison.currency) == ("The long list", "USD")


def test_assumptions_keep_what_was_typed_and_say_what_is_wrong(
    comparison: Comparison, browser: Client
) -> None:
    answer = browser.post(
        at("assumptions", comparison),
        {"name": " ", "currency": "GBP", "horizon_years": "ten", "discount_rate": "5"},
    )

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Give it a name" in page
    assert 'value="ten"' in page
    comparison.refresh_from_db()
    assert comparison.currency == "USD"


# --- which offers ------------------------------------------------------------------------------


def posted(offers: list[Offer], **changes: Any) -> dict[str, Any]:
    fields = {
        "offers": [offer.pk for offer in offers],
        "name": "November",
        "currency": "USD",
        "horizon_years": "4",
        "discount_rate": "0",
    }
    return fields | changes


def order(comparison: Comparison) -> list[int]:
    return list(comparison.places.order_by("position").values_list("offer_id", flat=True))


def test_new_suggests_the_open_offers_and_the_person_s_defaults(
    candidate: User, browser: Client, offers: list[Offer]
) -> None:
    candidate.profile.home_currency, candidate.profile.horizon_years = "EUR", 6
    candidate.profile.save()
    services.move_offer(offer=offers[0], to="declined", as_of=NOW)

    page = browser.get(reverse("offers:comparison_new")).content.decode()

    ticked = re.findall(r'name="offers" value="(\d+)"[^>]* checked', page)
    assert sorted(map(int, ticked)) == sorted(offer.pk for offer in offers[1:])
    assert '<option value="EUR" selected>' in page
    assert 'value="6"' in page


def test_new_makes_a_comparison_in_the_order_of_its_letters(
    browser: Client, offers: list[Offer]
) -> None:
    letters = {f"letter_{offers[2].pk}": "A", f"letter_{offers[0].pk}": "F"}

    answer = browser.post(reverse("offers:comparison_new"), posted(offers[:3], **letters))

    comparison = Comparison.objects.get()
    assert answer["Location"] == at("detail", comparison)
    assert order(comparison) == [offers[2].pk, offers[1].pk, offers[0].pk]
    assert (comparison.name, comparison.horizon_years) == ("November", 4)


@pytest.mark.parametrize(
    ("count", "message"),
    [
        (0, "Tick at least two offers."),
        (1, "Tick at least two offers."),
        (7, "Tick at most six offers. You ticked 7."),
    ],
)
def test_new_says_how_many_offers_fit(
    candidate: User, browser: Client, offers: list[Offer], count: int, message: str
) -> None:
    offers.append(record(candidate, name="Company 6"))

    answer = browser.post(reverse("offers:comparison_new"), posted(offers[:count]))

    page = answer.content.decode()
    assert answer.status_code == 422
    assert page.count(message) == 2
    assert len(re.findall(r'name="offers"[^>]* checked', page)) == count
    assert not Comparison.objects.exists()


def test_new_refuses_one_letter_for_two_offers(browser: Client, offers: list[Offer]) -> None:
    letters = {f"letter_{offer.pk}": "B" for offer in offers[:2]}

    answer = browser.post(reverse("offers:comparison_new"), posted(offers[:2], **letters))

    assert answer.status_code == 422
    assert "has the B. Choose another one." in answer.content.decode()


def test_new_ignores_letters_of_offers_that_are_not_ticked(
    browser: Client, offers: list[Offer]
) -> None:
    letters = {f"letter_{offer.pk}": "A" for offer in offers[1:]}

    browser.post(reverse("offers:comparison_new"), posted(offers[:2], **letters))

    assert order(Comparison.objects.get()) == [offers[1].pk, offers[0].pk]


def test_new_with_one_offer_asks_for_a_second(candidate: User, browser: Client) -> None:
    record(candidate, name="Only one")

    page = browser.get(reverse("offers:comparison_new")).content.decode()

    assert "Add a second offer to compare" in page
    assert 'name="offers"' not in page


def test_offers_add_remove_and_reorder(
    comparison: Comparison, browser: Client, offers: list[Offer]
) -> None:
    page = browser.get(at("offers", comparison)).content.decode()
    assert len(re.findall(r'name="offers"[^>]* checked', page)) == 2

    browser.post(
        at("offers", comparison),
        {"offers": [offers[1].pk, offers[3].pk, offers[4].pk], f"letter_{offers[4].pk}": "A"},
    )

    assert order(comparison)[0] == offers[4].pk
    assert sorted(order(comparison)) == [offers[1].pk, offers[3].pk, offers[4].pk]


def test_offers_keeps_at_least_two(
    comparison: Comparison, browser: Client, offers: list[Offer]
) -> None:
    answer = browser.post(at("offers", comparison), {"offers": [offers[0].pk]})

    assert answer.status_code == 422
    assert order(comparison) == [offers[0].pk, offers[1].pk]


def test_delete_asks_first_and_leaves_the_offers(comparison: Comparison, browser: Client) -> None:
    asked = browser.get(at("delete", comparison)).content.decode()
    assert "Your offers stay." in asked
    assert Comparison.objects.exists()

    answer = browser.post(at("delete", comparison), follow=True)

    assert "The comparison is deleted." in answer.content.decode()
    assert not Comparison.objects.exists()
    assert Offer.objects.count() == 6


@pytest.mark.parametrize(
    ("count", "words"),
    [(0, "Nothing to compare yet"), (1, "Add a second offer"), (2, "No comparison yet")],
)
def test_list_is_empty_in_words(candidate: User, browser: Client, count: int, words: str) -> None:
    for number in range(count):
        record(candidate, name=f"Company {number}")

    assert words in browser.get(reverse("offers:comparison_list")).content.decode()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(
    typed=st.fixed_dictionaries(
        {},
        optional={
            name: st.text(max_size=30) | st.sampled_from(["0", "1e9", "-1", "NaN", "4", "USD"])
            for name in (
                "offers",
                "name",
                "currency",
                "horizon_years",
                "discount_rate",
                "show",
                "rows",
            )
        },
    )
)
def test_no_form_of_a_comparison_ever_breaks(
    comparison: Comparison, browser: Client, typed: dict[str, str]
) -> None:
    browser.raise_request_exception = True

    answers = [
        browser.get(at("detail", comparison), typed),
        browser.get(reverse("offers:comparison_new"), {"offer": typed.get("offers", "")}),
        browser.post(at("assumptions", comparison), typed),
        browser.post(at("offers", comparison), typed),
        browser.post(reverse("offers:comparison_new"), typed),
    ]

    assert {answer.status_code for answer in answers} <= {200, 302, 422}


# --- how the numbers are made ------------------------------------------------------------------


def test_methods_is_public_and_names_defaults_and_sources(
    client: Client, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(6):
        answer = client.get(reverse("offers:methods"))

    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Federal Reserve Board" in page
    assert "volatility of 40% a year" in page
    assert "1 June 2026" in page
    assert page.count("Confidence:") == 2
    assert len(re.findall(r"<td>\d", page)) >= 3


LIST_QUERIES = 12
DETAIL_QUERIES = 23

Browser = Callable[[User], Client]
