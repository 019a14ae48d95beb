"""The ten journeys at the end of the requirements, each driven in a real browser.

| journey | where it is driven |
| --- | --- |
| 1 no offer yet | `test_journey_1_no_offer_yet` here |
| 2 verbal, then written | `test_journey_2_verbal_counts_for_nothing` here; `test_negotiation.py`, `test_letters.py` |
| 3 listed company, to the signed letter | `test_negotiation.py`, `test_letters.py` |
| 4 Series B options | `test_journey_4_series_b_options` here; `test_scripts.py` types the answers |
| 5 two offers | `test_scripts.py` (true and false competing offer), `test_newcomer.py`, `test_decision.py` |
| 6 bank in London | `test_journey_6_bank_in_london` here |
| 7 exploding offer | `test_negotiation.py` |
| 8 low, final, declined | `test_journey_8_low_final_declined` here |
| 9 signed, then the raise | `test_journey_9_from_signing_to_the_raise` here |
| 10 back after a year | `test_journey_10_back_after_a_year` here |
"""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import User
from market.models import CompanyStage, Level, Location, NetworkDataPoint, RoleFamily
from negotiation import services
from negotiation.models import Negotiation
from negotiation.services import content
from offers import services as offer_services
from offers.models import Offer
from offers.selectors import Terms
from tests.factories.negotiation import AskFactory, AskRoundFactory, EvidenceFactory
from tests.factories.terms import exit_scenarios, public_terms, startup_terms
from tests.negotiation.test_talks import next_terms

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def talk_about(owner: User, terms: Terms) -> Negotiation:
    """Record an offer that came today, for a senior ML engineer, and open its talk."""
    content.load_content()
    terms.revision.stated_date = terms.offer.received_date = timezone.localdate()
    terms.offer.role_family = RoleFamily.objects.get(key="ml_engineer")
    terms.offer.level = Level.objects.get(key="L5")
    terms.offer.contact_name = "Dana"
    offer = offer_services.record_offer(owner=owner, terms=terms, as_of=timezone.now())
    return services.open_negotiation(offer=offer, as_of=timezone.now())


def know(owner: User, company: str, base: int, **changes: Any) -> NetworkDataPoint:
    """Note a senior ML engineer in New York, who was paid this last month."""
    facts: dict[str, Any] = {
        "role_family": RoleFamily.objects.get(key="ml_engineer"),
        "level": Level.objects.get(key="L5"),
        "location": Location.objects.get(key="us-new-york"),
        "currency": "USD",
        "observed_date": timezone.localdate().replace(day=1),
    }
    return NetworkDataPoint.objects.create(
        owner=owner, company_name=company, base=base, **facts | changes
    )


def test_journey_1_no_offer_yet(candidate: User, visit: Callable[..., Any]) -> None:
    content.load_content()
    page = visit(candidate).page
    job = "/market/worth/?role=ml_engineer&level=L5&country=us-sf-bay"
    page.goto(job)
    assert page.get_by_text("Nobody noted yet").is_visible()

    page.get_by_role("link", name="Add five points").click()
    page.get_by_text("Paste from a table").click()
    page.locator("[name=pasted]").fill(
        "\n".join(f"Target {n}\tE5\t${n}10,000\t20k\t80k" for n in (1, 2, 3, 4))
    )
    page.get_by_role("button", name="Fill in the lines").click()
    page.locator("[name=location]").select_option("us-sf-bay")
    page.locator("[name=row-0-is_accepted_offer]").check()
    page.get_by_role("button", name="Save them").click()
    assert page.get_by_text("4 points noted. Only you see them.").is_visible()

    page.goto(job)
    people = page.locator("section", has=page.locator("#people-title"))
    # Of 110,000 to 410,000, the middle lies between 210,000 and 310,000; all in, 100,000 more.
    expect(people).to_contain_text("4 comparable: base from $110k to $410k, median $260k.")
    expect(people).to_contain_text("With bonus and equity, 4: median $360k.")
    expect(people.get_by_text("accepted", exact=True)).to_have_count(1)
    page.locator("[name=level]").select_option("L7")
    page.get_by_role("button", name="Show my range").click()
    expect(people).to_contain_text("None of your points is comparable to this job.")

    # Asked what one expects: their band first, and no figure of one's own.
    page.goto("/negotiations/")
    page.get_by_role("link", name="Asked what you expect?").click()
    said = page.locator("section[aria-labelledby=call-title] .rendered").inner_text()
    assert "What band have you set for this level?" in said
    assert not any(sign.isdigit() for sign in said)


def test_journey_4_series_b_options(candidate: User, visit: Callable[..., Any]) -> None:
    """Series B takes twice its $15M and then shares: of $90M, $5 a share is left instead of $7.50."""
    terms = startup_terms(exit_scenarios=exit_scenarios())
    terms.stock_classes[1].liquidation_preference_multiple = Decimal(2)
    terms.stock_classes[1].participation = "full"
    terms.grants[0].acceleration = "none"
    talk = talk_about(candidate, terms)
    path = f"/offers/{talk.offer_id}/"
    page = visit(candidate).page
    page.goto(f"{path}negotiation/questions/")

    harsh = page.locator(".flags li", has_text="Series B takes 2 times its money first")
    expect(harsh).to_contain_text("Red flag")
    expect(harsh).to_contain_text("What all such terms cost you")
    expect(harsh.locator("dl")).to_contain_text("$200,000")  # 80,000 options, $2.50 less each
    lost = page.locator(".flags li", has_text="No acceleration on a sale")
    expect(lost).to_contain_text("What you would lose if the sale came one year after you start")
    expect(lost.locator("dl")).to_contain_text("$270,200")  # 60,000 x ($60.04M / 12M - $0.50)
    ratio = page.locator(".flags li", has_text="The preferred price is 3.8 times the 409A price")
    expect(ratio).to_contain_text("It does not measure dilution.")

    page.goto(f"{path}negotiation/questions/q6/")
    page.get_by_label("Where it stands").select_option("written")
    page.get_by_label("Acceleration on a sale").select_option("double")
    page.get_by_role("button", name="Keep the answer").click()
    assert page.get_by_text("Good: Double-trigger acceleration").is_visible()
    assert lost.count() == 0

    page.goto(f"{path}negotiation/questions/q5/")
    page.get_by_label("Where it stands").select_option("refused")
    page.get_by_role("button", name="Keep the answer").click()
    expect(page.locator(".flags")).to_contain_text("No clear answer")
    page.goto(f"{path}negotiation/accept/")
    skipped = page.locator(".checks")
    expect(skipped).to_contain_text("They would not answer 1 question about the equity.")
    expect(skipped).to_contain_text("Series B takes 2 times its money first")

    page.goto(path)
    expect(page.locator("main")).to_contain_text("may be $0")


def test_journey_6_bank_in_london(candidate: User, visit: Callable[..., Any]) -> None:
    terms = public_terms(grants=[])
    terms.company.name, terms.company.kind = "Old Bank", "finance"
    terms.company.is_public, terms.company.share_price = True, None
    terms.company.share_price_date = None
    terms.offer.location = london = Location.objects.get(key="gb-london")
    terms.revision.currency, terms.revision.base_salary = "GBP", Decimal(95_000)
    terms.payments[0].amount = Decimal(10_000)
    talk = talk_about(candidate, terms)
    for number in range(5):
        here = {"location": london, "currency": "GBP"}
        know(candidate, f"London {number}", 100_000 + 10_000 * number, **here)
    know(
        candidate,
        "Series B start-up",
        290_000,
        level=Level.objects.get(key="L7"),
        location=Location.objects.get(key="us-sf-bay"),
        stage=CompanyStage.objects.get(key="series_b"),
    )
    page = visit(candidate).page

    page.goto(f"/offers/{talk.offer_id}/negotiation/ask/")
    page.get_by_role("button", name="Take what people I know accepted").click()
    row = page.locator("table.plain tbody tr", has_text="Base").first
    for figure in ("£110,000", "£120,000", "£130,000"):  # the middle half of the London five
        expect(row).to_contain_text(figure)
    assert page.get_by_text("$").count() == 0

    page.goto(
        "/market/worth/?role=ml_engineer&level=L5&country=gb-london&stage=public&currency=GBP"
    )
    left_out = page.get_by_role("row", name="Series B start-up")
    for reason in (
        "No: 2 levels above (Senior staff)",
        "a different type of company (series b)",
        "a different country (San Francisco",
        "paid in another currency (USD)",
    ):
        expect(left_out).to_contain_text(reason)
    expect(page.locator("main")).to_contain_text("5 comparable: base from £100k to £140k")


def test_journey_8_low_final_declined(candidate: User, visit: Callable[..., Any]) -> None:
    terms = startup_terms(exit_scenarios=exit_scenarios())
    talk = talk_about(candidate, terms)
    talk.own_words = {"team_reason": "the evaluation work that your team showed me"}
    talk.save(update_fields=["own_words"])
    base = f"/offers/{talk.offer_id}/negotiation/scripts/"
    page = visit(candidate).page
    for locked in ("s12", "s13"):
        page.goto(f"{base}{locked}/")
        assert page.get_by_text("This script is locked").is_visible()

    EvidenceFactory.create(
        negotiation=talk,
        component="base",
        low=190_000,
        median=220_000,
        as_of_date=timezone.localdate() - dt.timedelta(days=60),
    )
    page.goto(f"{base}s13/")
    words = page.locator("#call-copy").input_value()
    assert "I looked at 40 comparable packages, Published filings" in words
    assert "between $190,000 and $250,000, and the offer is about $30,000 below that" in words
    assert "Before I name a figure, could you look at it again" in words

    ask = AskFactory.create(
        negotiation=talk, current_amount=160_000, amount=190_000, state="put", put_at=timezone.now()
    )
    AskRoundFactory.create(ask=ask, reply="final", said_at=timezone.now())
    page.goto(f"{base}s12/")
    words = page.locator("#call-copy").input_value()
    assert "There is one item that would help me: " in words
    assert "$190,000" in words

    page.goto(f"{base}s28/")
    for channel in ("call", "email"):
        text = page.locator(f"#{channel}-copy").input_value()
        assert "decided not to take the role" in text
        assert not any(sign.isdigit() for sign in text)
    page.goto(f"/offers/{talk.offer_id}/")
    page.get_by_role("button", name="I declined").click()
    page.wait_for_load_state()
    assert Offer.objects.get().state == Offer.State.DECLINED
    page.goto(f"{base}s13/")
    assert page.get_by_text("This offer is decided.").is_visible()


def accept_with(owner: User, base: int | None = None) -> Negotiation:
    """Accept an offer of a listed company today, after a letter with this base if there is one."""
    terms = public_terms()
    terms.company.name = f"Alder {base or 'Research'}"
    talk = talk_about(owner, terms)
    if base is not None:
        better = next_terms(talk.offer, base=Decimal(base))
        offer_services.revise_offer(offer=talk.offer, terms=better, as_of=timezone.now())
    services.accept_offer(
        talk=talk,
        signed_date=timezone.localdate(),
        confirmed=[],
        also_decline=[],
        note="",
        as_of=timezone.now(),
    )
    talk.refresh_from_db()
    return talk


def test_journey_9_from_signing_to_the_raise(candidate: User, visit: Callable[..., Any]) -> None:
    talk = accept_with(candidate)
    path = f"/offers/{talk.offer_id}/negotiation/"
    page = visit(candidate).page
    page.goto(f"{path}after/")
    start = timezone.localdate() + dt.timedelta(days=30)
    page.get_by_label("First day at work").fill(start.isoformat())
    page.get_by_role("button", name="Plan from this day").click()
    assert page.locator(".todo li").count() >= 3
    page.get_by_role("button", name="Done: ").first.click()
    assert page.locator(".todo li.done").count() == 1

    page.goto(f"{path}scripts/s31/")
    assert page.get_by_text("There are no results on record to ask with.").is_visible()
    page.goto(f"{path}after/")
    page.locator("[name=happened_date]").fill(timezone.localdate().isoformat())
    page.locator("[name=what]").fill("Cut the cost of serving by half")
    page.locator("[name=effect]").fill("The team ships twice as often")
    page.get_by_role("button", name="Log this result").click()
    assert page.get_by_role("heading", name="Cut the cost of serving by half").is_visible()

    # Results alone are no case: the market is quoted as well.
    page.goto(f"{path}scripts/s31/")
    assert page.get_by_text("No range of the market can be quoted").is_visible()
    today = timezone.localdate()
    EvidenceFactory.create(negotiation=talk, component="base", as_of_date=today)
    page.reload()
    expect(page.locator("#email .rendered")).to_contain_text("Cut the cost of serving by half")
    expect(page.locator("#email .rendered")).to_contain_text("$190,000")


def test_journey_10_back_after_a_year(candidate: User, visit: Callable[..., Any]) -> None:
    talk = talk_about(candidate, startup_terms())
    today = timezone.localdate()
    for number in range(5):
        long_ago = today - dt.timedelta(days=30 * 26)
        know(candidate, f"Old {number}", 150_000 + 1_000 * number, observed_date=long_ago)
    know(candidate, "New", 190_000)
    page = visit(candidate).page
    page.goto("/market/worth/?role=ml_engineer&level=L5&country=us-new-york")
    expect(page.get_by_role("row", name="Old 0")).to_contain_text("No: 25 months old")
    expect(page.locator("main")).to_contain_text("1 comparable: base from $190k to $190k")

    EvidenceFactory.create(
        negotiation=talk,
        component="base",
        as_of_date=today - dt.timedelta(days=4 * 365),
    )
    page.goto(f"/offers/{talk.offer_id}/negotiation/scripts/s10/")
    assert page.get_by_text("the figures are more than three years old").is_visible()
    page.goto(f"/offers/{talk.offer_id}/negotiation/ask/")
    assert page.locator(".checks", has_text="months").first.is_visible()

    # What the last talks came to, beside one another: $10,000 more a year, and nothing more.
    for base in (None, 210_000):
        accept_with(candidate, base)
    page.goto("/negotiations/")
    for won in ("$40,000 guaranteed, $0 liquid", "$0 guaranteed, $0 liquid"):
        expect(page.locator(".rows li", has_text=f"over 4 years: {won}")).to_have_count(1)


def test_journey_2_verbal_counts_for_nothing(candidate: User, visit: Callable[..., Any]) -> None:
    terms = public_terms()
    terms.revision.source = "verbal"
    talk = talk_about(candidate, terms)
    page = visit(candidate).page
    page.goto("/offers/")
    assert page.get_by_text("Verbal, not counted").is_visible()
    for locked in ("s10", "s13"):
        page.goto(f"/offers/{talk.offer_id}/negotiation/scripts/{locked}/")
        assert page.get_by_text("This script is locked").is_visible()
        assert page.get_by_text("The offer is only verbal.").is_visible()
    page.goto(f"/offers/{talk.offer_id}/negotiation/accept/")
    assert page.get_by_text("The current terms are only verbal.").is_visible()
    assert page.get_by_role("button", name="Accept this offer").count() == 0
