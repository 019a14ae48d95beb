"""The offer form as a browser meets it, with script and without."""

import datetime as dt
import re
from collections.abc import Mapping
from html import unescape
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from offers import services
from offers.forms.sections import SECTIONS
from offers.models import Company, Offer, OfferDraft
from tests.factories.offers import ANYTHING, TYPED, DraftFactory, anything_in, names_of, typed
from tests.factories.terms import exit_scenarios, public_terms, startup_terms

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)
TYPING = {"HX-Request": "true", "HX-Target": "running-total"}


@pytest.fixture
def browser(candidate: User, client: Client) -> Client:
    client.force_login(candidate)
    return client


@pytest.fixture
def blank(candidate: User) -> OfferDraft:
    return DraftFactory.create(owner=candidate)


@pytest.fixture
def draft(candidate: User) -> OfferDraft:
    """Everything is typed; nothing is saved as an offer yet."""
    return services.start_draft(owner=candidate, typed=typed())


@pytest.fixture
def offer(candidate: User) -> Offer:
    terms = startup_terms(exit_scenarios=exit_scenarios())
    return services.record_offer(owner=candidate, terms=terms, as_of=NOW)


def at(draft: OfferDraft, section: str) -> str:
    return reverse("offers:draft_section", args=[draft.pk, section])


def review(draft: OfferDraft) -> str:
    return reverse("offers:draft_review", args=[draft.pk])


def text_of(response: HttpResponse) -> str:
    """Return the words of a page, without its markup."""
    plain = re.sub(
        r"<(script|style|template).*?</\1>", "", response.content.decode(), flags=re.DOTALL
    )
    words = " ".join(unescape(re.sub(r"<[^>]+>", " ", plain)).split())
    return re.sub(r" ([.,:;])", r"\1", words)


def values_in(response: HttpResponse) -> dict[str, str]:
    """Return what the text inputs of a page hold."""
    inputs = re.findall(r'<input type="text" name="([^"]+)"([^>]*)>', response.content.decode())
    return {
        name: unescape(found[1]) if (found := re.search(r'value="([^"]*)"', rest)) else ""
        for name, rest in inputs
    }


def states_in(response: HttpResponse) -> dict[str, str]:
    """Return the task list: sections and their states in words."""
    content = response.content.decode()
    tasks = re.findall(r">([^<>]+)<span class=\"state[^\"]*\">([^<]+)</span>", content)
    return dict(tasks)


# --- beginning ---------------------------------------------------------------------------------


def test_new_offer_page_starts_a_draft(browser: Client, candidate: User) -> None:
    page = browser.get(reverse("offers:draft_new"))
    started = browser.post(reverse("offers:draft_new"))

    draft = OfferDraft.objects.get()
    assert page.status_code == 200
    assert "Start a new offer" in text_of(page)
    assert (draft.owner, draft.purpose, draft.typed) == (candidate, "new_offer", {})
    assert (started.status_code, started["Location"]) == (302, at(draft, "role"))


def test_new_offer_page_leads_back_to_what_was_begun(browser: Client, draft: OfferDraft) -> None:
    page = browser.get(reverse("offers:draft_new"))

    assert f'<a href="{at(draft, "role")}">Bellwether AI</a>' in page.content.decode()


def test_new_offer_by_a_company_on_record_starts_with_what_is_known(
    browser: Client, offer: Offer
) -> None:
    browser.post(reverse("offers:draft_new"), {"company": offer.company_id})

    draft = OfferDraft.objects.get()
    assert draft.typed["role"]["name"] == "Bellwether AI"
    assert draft.typed["company"]["fully_diluted_shares"] == "12,000,000"


def test_new_offer_by_a_company_of_somebody_else_starts_from_nothing(
    client: Client, stranger: User, offer: Offer
) -> None:
    client.force_login(stranger)

    client.post(reverse("offers:draft_new"), {"company": offer.company_id})

    assert OfferDraft.objects.get().typed == {}


@pytest.mark.parametrize("purpose", ["new_terms", "correction"])
def test_revising_opens_a_draft_that_says_what_the_terms_say(
    browser: Client, offer: Offer, purpose: str
) -> None:
    opened = browser.post(reverse("offers:offer_revise", args=[offer.pk]), {"purpose": purpose})

    draft = OfferDraft.objects.get()
    assert (draft.purpose, draft.offer) == (purpose, offer)
    assert opened["Location"] == at(draft, "role")
    assert values_in(browser.get(at(draft, "cash")))["base_salary"] == "160,000"
    states = states_in(browser.get(at(draft, "cash")))
    assert states["Dates and people"] == ("Started" if purpose == "new_terms" else "Complete")


def test_revising_without_saying_why_opens_nothing(browser: Client, offer: Offer) -> None:
    answer = browser.post(reverse("offers:offer_revise", args=[offer.pk]), {"purpose": "x"})

    assert answer["Location"] == reverse("offers:offer_detail", args=[offer.pk])
    assert not OfferDraft.objects.exists()


# --- typing ------------------------------------------------------------------------------------


def test_sections_lead_from_one_to_the_next_and_to_the_review(
    browser: Client, blank: OfferDraft
) -> None:
    places = [
        browser.post(at(blank, slug), {**TYPED[slug], "action": "continue"})["Location"]
        for slug in SECTIONS
    ]

    assert places == [*(at(blank, slug) for slug in list(SECTIONS)[1:]), review(blank)]
    blank.refresh_from_db()
    assert blank.typed["benefits"]["health_yearly_value"] == "9,000"


def test_listed_company_goes_past_the_cap_table(browser: Client, draft: OfferDraft) -> None:
    browser.post(at(draft, "role"), {**TYPED["role"], "is_public": "yes"})

    assert browser.post(at(draft, "equity"), TYPED["equity"])["Location"] == at(draft, "benefits")
    page = browser.get(at(draft, "company"))
    assert states_in(page)["Company and cap table"] == "Not applicable"
    assert "You said that the company is listed" in text_of(page)


def test_wrong_section_comes_back_with_every_word_and_what_is_wrong(
    browser: Client, blank: OfferDraft
) -> None:
    fields = {
        **TYPED["equity"],
        "grants-0-vesting_preset": "custom",
        "grants-0-year_1": "95",
        "grants-0-quantity": "many",
    }

    page = browser.post(at(blank, "equity"), fields)

    sentence = "Vesting adds up to 95%. It must add up to 100%."
    content = page.content.decode()
    assert page.status_code == 422
    assert "<title>Error: Equity – new offer – Parley</title>" in content
    assert "There is a problem" in text_of(page)
    assert f'<a href="#id_grants-0-year_1">{sentence}</a>' in content
    assert text_of(page).count(sentence) >= 2
    assert values_in(page)["grants-0-quantity"] == "many"
    assert states_in(page)["Equity"] == "2 to fix"
    assert values_in(browser.get(at(blank, "equity")))["grants-0-year_1"] == "95"


def test_saving_for_later_asks_nothing(browser: Client, blank: OfferDraft) -> None:
    answer = browser.post(at(blank, "cash"), {"base_salary": "lots", "action": "later"})

    blank.refresh_from_db()
    assert (answer.status_code, answer["Location"]) == (302, reverse("offers:offer_list"))
    assert blank.typed["cash"]["base_salary"] == "lots"


def test_what_is_only_missing_is_not_held_against_a_section_still_being_typed(
    browser: Client, blank: OfferDraft
) -> None:
    browser.post(at(blank, "role"), {"name": "Alder", "action": "later"})
    begun = browser.get(at(blank, "role"))
    browser.post(at(blank, "role"), {"name": "Alder", "action": "continue"})
    checked = browser.get(at(blank, "role"))

    assert states_in(begun)["Role and company"] == "Started"
    assert "Write the job title." not in text_of(begun)
    assert states_in(checked)["Role and company"] == "2 to fix"
    assert "Write the job title." in text_of(checked)


def test_typing_saves_and_answers_with_the_totals_alone(browser: Client, draft: OfferDraft) -> None:
    answer = browser.post(
        at(draft, "cash"), {**TYPED["cash"], "base_salary": "300k"}, headers=TYPING
    )

    draft.refresh_from_db()
    content = answer.content.decode()
    assert draft.typed["cash"]["base_salary"] == "300k"
    assert content.strip().startswith('<aside id="running-total"')
    assert "<html" not in content
    assert "HX-Target" in answer["Vary"]
    # 300,000 base and 40,000 sign-on; 15% bonus, 9,000 health and 50% of 6% of base.
    assert "Contract cash, year 1 $340,000 Likely, year 1 $63,000 Year 1 $403,000" in text_of(
        answer
    )
    assert "Draft saved" in text_of(answer)
    assert "64,000 derived" in text_of(answer)
    assert states_in(answer)["Cash"] == "Complete"


def test_typing_what_cannot_be_read_is_kept_and_counts_nothing(
    browser: Client, draft: OfferDraft
) -> None:
    answer = browser.post(
        at(draft, "equity"), {**TYPED["equity"], "grants-0-quantity": "4x"}, headers=TYPING
    )

    draft.refresh_from_db()
    assert answer.status_code == 200
    assert draft.typed["equity"]["grants-0-quantity"] == "4x"
    assert "Not counted yet Grant 1: We could not read “4x”." in text_of(answer)


def test_two_tabs_lose_nothing(browser: Client, draft: OfferDraft) -> None:
    page = browser.get(at(draft, "cash")).content.decode()
    found = re.search(r'name="seen" value="([^"]*)"', page)
    assert found is not None
    seen = {"seen": found[1]}

    browser.post(at(draft, "cash"), {**TYPED["cash"], "base_salary": "300k"} | seen, headers=TYPING)
    browser.post(at(draft, "cash"), {**TYPED["cash"], "guaranteed_bonus": "5k"} | seen)

    draft.refresh_from_db()
    assert (draft.typed["cash"]["base_salary"], draft.typed["cash"]["guaranteed_bonus"]) == (
        "300k",
        "5k",
    )


def test_rows_come_and_go_without_script(browser: Client, draft: OfferDraft) -> None:
    added = browser.post(at(draft, "cash"), {**TYPED["cash"], "action": "add:payments"})
    two = values_in(browser.get(at(draft, "cash")))
    shown = {**TYPED["cash"], "payments-TOTAL_FORMS": "2", "payments-1-amount": "5k"}
    browser.post(at(draft, "cash"), {**shown, "action": "remove:payments-0"})
    one = values_in(browser.get(at(draft, "cash")))

    assert added["Location"] == f"{at(draft, 'cash')}#payments-rows"
    assert (two["payments-0-amount"], two["payments-1-amount"]) == ("40k", "")
    assert (one["payments-0-amount"], "payments-1-amount" in one) == ("5k", False)


@pytest.mark.parametrize("action", ["add:secrets", "remove:secrets-1", "add:"])
def test_rows_of_no_kind_do_not_exist(browser: Client, draft: OfferDraft, action: str) -> None:
    assert browser.post(at(draft, "cash"), {"action": action}).status_code == 404


def test_company_on_record_fills_in_what_is_known(
    browser: Client, blank: OfferDraft, offer: Offer
) -> None:
    fields = {**TYPED["role"], "name": "bellwether ai", "stage": "seed"}
    offered = browser.post(at(blank, "role"), fields, headers=TYPING)
    page = browser.get(at(blank, "role"))
    browser.post(at(blank, "role"), {**fields, "action": "record"})

    blank.refresh_from_db()
    assert offered.status_code == 200
    assert "You have this company on record" in text_of(page)
    assert (blank.typed["role"]["stage"], blank.typed["role"]["title"]) == (
        "series_b",
        "Senior ML engineer",
    )


def test_cautions_stand_beside_their_fields_and_block_nothing(
    browser: Client, draft: OfferDraft
) -> None:
    browser.post(at(draft, "cash"), {**TYPED["cash"], "target_bonus_fraction": "45%"})
    cash, equity = (
        text_of(browser.get(at(draft, "cash"))),
        text_of(browser.get(at(draft, "equity"))),
    )

    assert "This is 45% of base; most companies pay 10% to 30%. Check it." in cash
    assert "Investors last paid $2.00, 4.0 times your exercise price." in equity
    assert "90 days to pay for everything that vested, or lose it." in equity
    browser.post(at(draft, "role"), {**TYPED["role"], "kind": "finance"})
    assert "most companies pay" not in text_of(browser.get(at(draft, "cash")))


def test_stated_percentage_that_does_not_fit_the_number_is_doubted(
    browser: Client, draft: OfferDraft
) -> None:
    fields = {"grants-0-quantity": "64,000", "grants-0-ownership_fraction": "0.10%"}
    browser.post(at(draft, "equity"), TYPED["equity"] | fields)

    assert "64,000 of 80,000,000 shares is 0.080%. You wrote 0.10%. Ask which is right." in text_of(
        browser.get(at(draft, "equity"))
    )


def test_outcome_of_nothing_is_always_there(browser: Client, blank: OfferDraft) -> None:
    before = text_of(browser.get(at(blank, "company")))
    browser.post(at(blank, "role"), TYPED["role"])
    after = browser.post(at(blank, "company"), TYPED["company"], headers=TYPING)

    assert "Common stock gets nothing" in before
    assert '<output id="odds-of-nothing" hx-swap-oob="true">70%</output>' in after.content.decode()


def test_answer_date_is_proposed_where_none_was_named(browser: Client, draft: OfferDraft) -> None:
    # Five business days after Thursday the 19th: Thanksgiving is on the 26th, and California
    # closes on the day after it.
    answer = browser.post(
        at(draft, "dates"), {**TYPED["dates"], "received_date": "2026-11-19"}, headers=TYPING
    )

    assert "We would propose Mon 30 Nov: five business days in San Francisco Bay Area." in text_of(
        answer
    )


# --- saving as an offer ------------------------------------------------------------------------


def test_review_sums_up_what_was_typed_and_what_is_unknown(
    browser: Client, draft: OfferDraft
) -> None:
    words = text_of(browser.get(review(draft)))

    assert "Base salary $265,000" in words
    assert "Fully diluted shares 80,000,000 shares, in writing" in words
    assert "Debt They would not say" in words
    assert "Options expire after Not stated" in words
    assert "Still unknown" in words


def test_review_saves_the_offer_once_however_often_it_is_pressed(
    browser: Client, draft: OfferDraft
) -> None:
    first = browser.post(review(draft))
    second = browser.post(review(draft))

    offer = Offer.objects.get()
    expected = reverse("offers:offer_detail", args=[offer.pk])
    assert (first["Location"], second["Location"]) == (expected, expected)
    assert offer.revisions.get().base_salary == 265_000
    assert browser.get(at(draft, "cash"))["Location"] == expected


def test_review_names_what_keeps_the_draft_from_being_saved(
    browser: Client, blank: OfferDraft
) -> None:
    browser.post(at(blank, "cash"), {"base_salary": "lots", "action": "later"})

    answer = browser.post(review(blank))

    assert answer.status_code == 422
    assert "<title>Error: Review – new offer – Parley</title>" in answer.content.decode()
    assert (
        "There is a problem Role and company: not started Cash: 1 to fix Dates and people: not started"
        in text_of(answer)
    )
    assert not Offer.objects.exists()


def test_review_asks_to_look_again_if_another_tab_typed_meanwhile(
    browser: Client, draft: OfferDraft, monkeypatch: pytest.MonkeyPatch
) -> None:
    def typed_meanwhile(**options: Any) -> Offer:
        raise services.DraftHasChanged

    monkeypatch.setattr(services, "publish_draft", typed_meanwhile)

    answer = browser.post(review(draft), follow=True)

    assert answer.redirect_chain == [(review(draft), 302)]
    assert "Something was typed in another tab. Look it over once more." in text_of(answer)


def test_correction_of_history_is_refused_in_words(browser: Client, offer: Offer) -> None:
    revise = reverse("offers:offer_revise", args=[offer.pk])
    browser.post(revise, {"purpose": "correction"})
    browser.post(revise, {"purpose": "new_terms"})
    correction, new_terms = OfferDraft.objects.order_by("pk")
    browser.post(at(new_terms, "dates"), TYPED["dates"])
    browser.post(review(new_terms))

    answer = browser.post(review(correction), follow=True)

    assert offer.revisions.count() == 2
    assert "Newer terms were recorded after you began this correction." in text_of(answer)
    assert "Newer terms were recorded after you began this draft." in text_of(answer)


def test_second_offer_by_the_same_company_uses_its_row(
    browser: Client, draft: OfferDraft, offer: Offer
) -> None:
    browser.post(review(draft))

    assert Company.objects.count() == 1
    assert Offer.objects.filter(company=offer.company).count() == 2


def test_discard_asks_first(browser: Client, draft: OfferDraft) -> None:
    address = reverse("offers:draft_discard", args=[draft.pk])

    asked = browser.get(address)
    assert "Everything typed into this draft goes at once." in text_of(asked)
    assert OfferDraft.objects.filter(pk=draft.pk).exists()
    answer = browser.post(address)

    assert answer["Location"] == reverse("offers:offer_list")
    assert not OfferDraft.objects.filter(pk=draft.pk).exists()
    assert browser.post(address).status_code == 404


# --- trust -------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["get", "head", "post", "put", "patch", "delete", "options"])
@pytest.mark.parametrize("place", [*SECTIONS, "review", "discard", "nowhere"])
def test_draft_of_somebody_else_does_not_exist(
    client: Client, stranger: User, draft: OfferDraft, method: str, place: str
) -> None:
    client.force_login(stranger)
    address = f"/offers/drafts/{draft.pk}/{place}/"

    answer = getattr(client, method)(address)

    if method in {"get", "head", "post"}:
        assert answer.status_code == 404
    assert "Bellwether" not in answer.content.decode()
    draft.refresh_from_db()
    assert draft.typed == typed()


def test_offer_of_somebody_else_cannot_be_revised(
    client: Client, stranger: User, offer: Offer
) -> None:
    client.force_login(stranger)

    answer = client.post(reverse("offers:offer_revise", args=[offer.pk]), {"purpose": "correction"})

    assert answer.status_code == 404
    assert not OfferDraft.objects.exists()


@pytest.mark.parametrize("place", [*SECTIONS, "review", "discard"])
def test_titles_name_neither_company_nor_amount(
    browser: Client, draft: OfferDraft, place: str
) -> None:
    page = browser.get(f"/offers/drafts/{draft.pk}/{place}/").content.decode()

    found = re.search(r"<title>(.*?)</title>", page)
    assert found is not None
    assert found[1].endswith("– Parley")
    assert not re.search(r"Bellwether|\d", found[1])


@pytest.mark.parametrize("n_grants", [1, 3])
@pytest.mark.parametrize(("place", "n_queries"), [("equity", 18), ("review", 17)])
def test_pages_ask_the_same_questions_for_any_number_of_grants(
    browser: Client,
    candidate: User,
    django_assert_num_queries: Any,
    n_grants: int,
    place: str,
    n_queries: int,
) -> None:
    services.record_offer(owner=candidate, terms=startup_terms(), as_of=NOW)
    services.record_offer(owner=candidate, terms=public_terms(), as_of=NOW)
    one = {name.removeprefix("grants-0-"): text for name, text in TYPED["equity"].items()}
    grants = {f"grants-{n}-{name}": text for n in range(n_grants) for name, text in one.items()}
    count = {"grants-TOTAL_FORMS": str(n_grants)}
    draft = services.start_draft(owner=candidate, typed=typed(equity=grants | count))
    browser.get(at(draft, "cash"))

    with django_assert_num_queries(n_queries):
        browser.get(f"/offers/drafts/{draft.pk}/{place}/")


# --- whatever is typed -------------------------------------------------------------------------


def as_sent(fields: Mapping[str, str]) -> dict[str, str]:
    """Return the fields as a browser can send them; half characters it cannot."""
    return {name: text.encode("utf-8", "replace").decode() for name, text in fields.items()}


@pytest.mark.parametrize("slug", SECTIONS)
@settings(
    max_examples=10,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_anything_can_be_sent_to_a_section(
    browser: Client, draft: OfferDraft, slug: str, data: st.DataObject
) -> None:
    fields = as_sent(data.draw(anything_in(slug)))

    typing = browser.post(at(draft, slug), fields, headers=TYPING)
    sent = browser.post(at(draft, slug), fields)
    page = browser.get(at(draft, slug))

    assert (typing.status_code, page.status_code) == (200, 200)
    assert sent.status_code in {302, 422}


FIGURES = st.sampled_from(
    ["0", "1", "0.000001", "0.5", "12", "99.99", "100", "47", "180", "999999", "999,999,999,999",
     "1000000000000", "0.00001%", "95%", "300%", "2000-01-01", "2100-12-31", "rsu", "profit_unit",
     "double_trigger_rsu", "none", "custom", "5_15_40_40", "capped", "full", "double", "yes", "amount"]
)  # fmt: skip


@settings(
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_whatever_the_form_accepts_can_be_saved_and_corrected(
    browser: Client, candidate: User, data: st.DataObject
) -> None:
    sections = typed()
    for _ in range(data.draw(st.integers(1, 3))):
        slug = data.draw(st.sampled_from(list(SECTIONS)))
        name = data.draw(st.sampled_from(names_of(slug, n_rows=1)))
        sections[slug][name] = data.draw(FIGURES | ANYTHING)
    draft = services.start_draft(owner=candidate, typed=sections)

    answer = browser.post(review(draft))

    draft.refresh_from_db()
    if draft.offer is None:
        assert answer.status_code == 422
        return
    browser.post(reverse("offers:offer_revise", args=[draft.offer_id]), {"purpose": "correction"})
    correction = OfferDraft.objects.unpublished().get(offer=draft.offer)
    again = browser.post(review(correction))
    assert again["Location"] == reverse("offers:offer_detail", args=[draft.offer_id])


def test_text_longer_than_any_field_is_kept(browser: Client, blank: OfferDraft) -> None:
    letter = "x" * 100_000

    answer = browser.post(at(blank, "dates"), {**TYPED["dates"], "notes": letter})

    blank.refresh_from_db()
    assert answer.status_code == 422
    assert "Shorten this to 4,000 characters." in text_of(answer)
    assert blank.typed["dates"]["notes"] == letter
