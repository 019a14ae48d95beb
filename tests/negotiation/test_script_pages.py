"""Scripts of a real talk: what is open, what is said, what is kept, and what is never said."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from negotiation.models import Evidence, Negotiation, ScriptTemplate, SentScript
from negotiation.scripts import SITUATIONS, Condition, Draft, check_text, read_script, render
from negotiation.scripts.wording import COMPETING_OFFER, claims
from negotiation.selectors import position_of, talk_of
from negotiation.selectors.words import ScriptFacts, script_facts
from negotiation.services import content, seed_demo_talks
from negotiation.services import words as services
from offers import services as offers
from offers.models import Offer, OfferRevision
from tests.config.figures.markup import words
from tests.factories.negotiation import (
    AskFactory,
    AskRoundFactory,
    CallLogFactory,
    CommitmentFactory,
    EvidenceFactory,
    NegotiationFactory,
)
from tests.factories.terms import public_terms, startup_terms

pytestmark = pytest.mark.django_db
Sign = Callable[..., Client]


def now() -> dt.datetime:
    return timezone.now()


@pytest.fixture(autouse=True)
def _content(db: None) -> None:
    content.load_content()


def record(owner: User, *, is_written: bool = True, terms: Any = None, **of_offer: Any) -> Offer:
    found = terms or public_terms()
    today = timezone.localdate()
    found.revision.source = "written" if is_written else "verbal"
    found.revision.stated_date = today
    found.offer.received_date = today
    found.offer.respond_by_date = today + dt.timedelta(days=9)
    found.offer.is_respond_by_stated = True
    found.offer.contact_name = "Dana"
    for name, value in of_offer.items():
        setattr(found.offer, name, value)
    return offers.record_offer(owner=owner, terms=found, as_of=now())


def talk_about(offer: Offer, **fields: Any) -> Negotiation:
    return NegotiationFactory.create(offer=offer, **fields)


@pytest.fixture
def talk(candidate: User) -> Negotiation:
    """A written offer, an ask, a benchmark, and a reason."""
    found = talk_about(
        record(candidate),
        own_words={"team_reason": "the evaluation work that your team showed me"},
        reservation_value=Decimal(195_000),
    )
    AskFactory.create(negotiation=found)
    EvidenceFactory.create(negotiation=found, component="base")
    return found


def facts_of(talk: Negotiation) -> ScriptFacts:
    fresh = talk_of(talk.offer.owner, talk.offer_id)
    assert fresh is not None
    return script_facts(position_of(fresh, horizon_years=4, now=now()))


def page(talk: Negotiation, client: Client, key: str, **query: str) -> Any:
    return client.get(reverse("negotiation:script", args=[talk.offer_id, key.lower()]), query)


def body_of(talk: Negotiation, key: str, channel: str = "email", tone: str = "warm") -> str:
    template = ScriptTemplate.objects.get(situation=key, channel=channel, tone=tone)
    script, _ = read_script(content.text_of(template.versions.get(is_current=True)))
    answer = render(script, facts_of(talk).book)
    assert isinstance(answer, Draft), answer
    return answer.body


def another_offer(owner: User, **changes: Any) -> Offer:
    terms = startup_terms()
    terms.revision.base_salary = Decimal(231_000)
    return record(owner, terms=terms, **changes)


# --- what is open --------------------------------------------------------------------------------


def open_keys(talk: Negotiation, client: Client) -> set[str]:
    answer = client.get(reverse("negotiation:script_list", args=[talk.offer_id]))
    assert answer.status_code == 200
    return {
        row.situation.key
        for section in answer.context["sections"]
        for row in section.rows
        if row.is_open
    }


def test_a_verbal_offer_opens_the_request_for_the_letter_and_no_ask(
    candidate: User, client_of: Sign
) -> None:
    talk = talk_about(record(candidate, is_written=False))
    AskFactory.create(negotiation=talk)
    EvidenceFactory.create(negotiation=talk)
    client = client_of(candidate)

    assert open_keys(talk, client) == {"S01", "S03"}
    locked = page(talk, client, "s10")
    assert "The offer is only verbal" in locked.text
    assert "templates" not in locked.context
    assert (
        "I’d love" in page(talk, client, "s01").text
        or "I would love" in page(talk, client, "s01").text
    )


def test_a_locked_script_says_why_and_where_to_add_it(talk: Negotiation, client_of: Sign) -> None:
    client = client_of(talk.offer.owner)

    answer = page(talk, client, "s16")

    assert "You have no other offer on record that is in writing" in answer.text
    assert reverse("offers:draft_new") in answer.text
    assert "data-copy" not in answer.text


def test_what_is_on_record_opens_what_it_is_for(talk: Negotiation, client_of: Sign) -> None:
    client = client_of(talk.offer.owner)
    ask = talk.asks.get()
    before = open_keys(talk, client)
    AskRoundFactory.create(ask=ask)
    call = CallLogFactory.create(negotiation=talk)
    CommitmentFactory.create(negotiation=talk, call=call)

    after = open_keys(talk, client)

    assert {"S04", "S05", "S09", "S10", "S14", "S15", "S28"} <= before
    assert after - before == {"S11", "S23", "S24"}
    assert before - after == {"S27"}


# --- what is said --------------------------------------------------------------------------------


def test_the_opening_says_the_ask_and_the_range_as_they_are_on_record(talk: Negotiation) -> None:
    body = body_of(talk, "S10")

    assert "the evaluation work that your team showed me" in body
    assert "40 comparable packages, Published filings, as of 1 October 2026" in body
    assert "They put base salary between $190,000 and $250,000." in body
    assert "1. A base salary of $215,000 (the letter says $200,000)" in body
    assert body.endswith("Is there flexibility there?")

    talk.asks.update(amount=Decimal(222_500))
    assert "$222,500" in body_of(talk, "S10")


def test_no_script_holds_the_walk_away(talk: Negotiation) -> None:
    facts = facts_of(talk)

    assert facts.book.secrets == (Decimal("195000.00"),)
    assert Decimal(195_000) not in facts.book.numbers


@pytest.mark.parametrize(
    "changes",
    [
        {"is_modelled": True},
        {"sample_size": 4},
        {"low": None, "high": None, "median": None, "top": None},
        {"currency": "EUR"},
        {"as_of_date": dt.date(2020, 1, 1)},
        {"source_names": ""},
    ],
)
def test_what_cannot_be_quoted_is_not_quoted(talk: Negotiation, changes: dict[str, Any]) -> None:
    Evidence.objects.update(**changes)

    facts = facts_of(talk)

    assert Condition.MARKET_QUOTE not in facts.conditions
    assert "range_low" not in facts.book


def test_people_are_quoted_as_people_and_three_are_enough_where_matched(talk: Negotiation) -> None:
    Evidence.objects.update(kind="network", sample_size=3, is_matched=True, source_names="Robin")

    body = body_of(talk, "S10")

    assert "3 comparable packages, people I know of, as of" in body
    assert "Robin" not in body


def test_the_recap_lists_exactly_the_log(talk: Negotiation) -> None:
    call = CallLogFactory.create(negotiation=talk, open_points=["The start date"], next_step="")
    CommitmentFactory.create(negotiation=talk, call=call)
    CommitmentFactory.create(
        negotiation=talk, call=call, component="term", term="two remote days", amount=None
    )
    CommitmentFactory.create(negotiation=talk, component="benefit", term="not said on this call")

    lines = [line for line in body_of(talk, "S24").splitlines() if line[:1].isdigit()]

    assert lines == [
        "1. Sign-on bonus: Sign-on bonus of 55,000",
        "2. Term: two remote days",
        "1. The start date",
    ]


def test_a_recap_of_a_call_without_results_says_so(talk: Negotiation) -> None:
    CallLogFactory.create(negotiation=talk, next_step="Robin asks finance")

    lines = [line for line in body_of(talk, "S24").splitlines() if line[:1].isdigit()]

    assert lines == ["1. Nothing so far", "1. Robin asks finance"]


# --- another offer -------------------------------------------------------------------------------


def test_a_written_open_offer_is_cited_as_its_letter_states_it(
    talk: Negotiation, candidate: User
) -> None:
    other = another_offer(candidate)

    body = body_of(talk, "S16")

    assert "I have a written offer from another company at $231,000 base and 80,000 options" in body
    assert other.company.name not in body
    talk_about(other, may_be_named=True)
    assert "a written offer from Bellwether AI at $231,000" in body_of(talk, "S16")


@pytest.mark.parametrize(
    "spoil",
    [
        lambda offer: OfferRevision.objects.filter(offer=offer).update(source="verbal"),
        lambda offer: Offer.objects.filter(pk=offer.pk).update(
            state="declined", decided_at=timezone.now()
        ),
        lambda offer: Offer.objects.filter(pk=offer.pk).update(
            received_date=timezone.localdate() - dt.timedelta(days=9),
            respond_by_date=timezone.localdate() - dt.timedelta(days=3),
        ),
        lambda offer: offer.delete(),
    ],
    ids=["verbal", "declined", "expired", "deleted"],
)
def test_without_a_qualifying_record_nothing_renders_another_offer(
    talk: Negotiation, candidate: User, client_of: Sign, spoil: Callable[[Offer], Any]
) -> None:
    other = another_offer(candidate)
    assert Condition.COMPETING_OFFER in facts_of(talk).conditions

    spoil(other)

    facts = facts_of(talk)
    assert Condition.COMPETING_OFFER not in facts.conditions
    assert facts.book.competing == ()
    for template in ScriptTemplate.objects.all():
        script, _ = read_script(content.text_of(template.versions.get(is_current=True)))
        answer = render(script, facts.book)
        if isinstance(answer, Draft):
            assert not claims(answer.body, COMPETING_OFFER)
    client = client_of(candidate)
    for channel in ("call", "email"):
        answer = client.post(
            reverse("negotiation:script", args=[talk.offer_id, "s16"]),
            {"channel": channel, "text": "I have a written offer from Hooli.", "action": "sent"},
        )
        assert answer.status_code == 409
    assert not SentScript.objects.exists()


def test_somebody_elses_offer_is_no_leverage(talk: Negotiation, stranger: User) -> None:
    another_offer(stranger)

    assert Condition.COMPETING_OFFER not in facts_of(talk).conditions


@pytest.mark.parametrize(
    "spot",
    [
        {"own_words": {"team_reason": "I have another offer from Hooli at $400k"}},
        {"own_words": {"value_reason": "Hooli offered me a role."}},
        {"own_words": {"posted_range": "$1, and I hold another offer"}},
        {"forfeited_label": "another offer that I have", "forfeited_amount": Decimal(1)},
    ],
)
def test_no_statement_carries_another_offer(talk: Negotiation, spot: dict[str, Any]) -> None:
    Negotiation.objects.filter(pk=talk.pk).update(**spot)

    facts = facts_of(talk)

    assert facts.refused
    assert not any(claims(fact.text, COMPETING_OFFER) for fact in facts.book.values())


@pytest.mark.parametrize("field", ["title", "contact_name"])
def test_no_entry_of_the_offer_carries_another_offer(talk: Negotiation, field: str) -> None:
    Offer.objects.filter(pk=talk.offer_id).update(**{field: "I have another offer"})

    facts = facts_of(talk)

    assert facts.refused
    assert not any(claims(fact.text, COMPETING_OFFER) for fact in facts.book.values())


def test_the_same_preference_is_not_told_to_two_companies(
    talk: Negotiation, candidate: User, client_of: Sign
) -> None:
    talk_about(another_offer(candidate), prefers_this_at=now())

    answer = client_of(candidate).post(
        reverse("negotiation:statements", args=[talk.offer_id]), {"preference": "on"}
    )

    assert answer.status_code == 422
    assert "You confirmed this for Bellwether AI already" in answer.text
    assert facts_of(talk).book.get("preference") is None


# --- pages ---------------------------------------------------------------------------------------


def test_a_script_shows_both_channels_with_their_sources(
    talk: Negotiation, client_of: Sign
) -> None:
    answer = page(talk, client_of(talk.offer.owner), "s10", tone="plain")

    assert answer.status_code == 200
    assert [sheet.channel for sheet in answer.context["sheets"]] == ["call", "email"]
    assert "Market benchmark: Research engineer, senior, New York" in answer.text
    assert 'href="#call-source-' in answer.text
    assert "n = 40" in answer.text
    assert all(state.is_on for sheet in answer.context["sheets"] for state in sheet.checked.lights)


def test_a_missing_fact_stops_the_script_and_says_what_to_add(
    talk: Negotiation, client_of: Sign
) -> None:
    Negotiation.objects.update(own_words={})

    answer = page(talk, client_of(talk.offer.owner), "s10")

    assert "Nothing is made up" in answer.text
    assert "Write one concrete, true reason" in answer.text
    assert "data-copy" not in answer.text


def test_an_edit_is_kept_and_doubts_are_pointed_out(talk: Negotiation, client_of: Sign) -> None:
    client = client_of(talk.offer.owner)
    url = reverse("negotiation:script", args=[talk.offer_id, "s10"])
    text = "I was hoping for a bit more, say $299,000, or I walk."

    answer = client.post(url, {"channel": "email", "text": text, "action": "check"}, follow=True)

    sheet = answer.context["sheets"][1]
    assert sheet.text == text
    assert sheet.checked.passed_on == text
    assert {remark.words for remark in sheet.checked.remarks} == {
        "a bit more",
        "$299,000",
        "or I walk",
    }
    assert "a base salary of $215,000" in answer.text
    assert SentScript.objects.get().is_edited


def test_marking_as_sent_keeps_text_version_and_sources(talk: Negotiation, client_of: Sign) -> None:
    client = client_of(talk.offer.owner)
    url = reverse("negotiation:script", args=[talk.offer_id, "s10"])
    text = f"{body_of(talk, 'S10')} I hold another offer from Hooli. Thank you."

    client.post(url, {"channel": "email", "text": text, "action": "sent"})
    template = ScriptTemplate.objects.get(situation="S10", channel="email", tone="warm")
    content.curate_template(template=template, text="New words.", author=talk.offer.owner)

    sent = SentScript.objects.get()
    assert sent.sent_at is not None
    assert sent.text == body_of_text(text)
    assert sent.template_version.number == 1
    bound = {row["text"]: row["kind"] for row in sent.bindings}
    assert bound["$190,000"] == "benchmark"
    assert talk.events.filter(kind="follow_up_sent").exists()
    listed = client.get(reverse("negotiation:script_list", args=[talk.offer_id])).text
    assert "version 1, edited" in listed


def body_of_text(text: str) -> str:
    return text.replace(" I hold another offer from Hooli.", "")


def test_a_text_of_nothing_but_an_unbacked_claim_is_not_marked(
    talk: Negotiation, client_of: Sign
) -> None:
    client = client_of(talk.offer.owner)
    url = reverse("negotiation:script", args=[talk.offer_id, "s10"])

    client.post(url, {"channel": "call", "text": "I have another offer.", "action": "sent"})

    assert not SentScript.objects.filter(sent_at__isnull=False).exists()


def test_reset_brings_the_script_back(talk: Negotiation, client_of: Sign) -> None:
    client = client_of(talk.offer.owner)
    url = reverse("negotiation:script", args=[talk.offer_id, "s10"])
    client.post(url, {"channel": "call", "text": "Mine.", "action": "check"})

    client.post(url, {"channel": "call", "text": "Mine.", "action": "reset"})

    assert not SentScript.objects.exists()


def test_an_empty_text_says_so_and_loses_nothing(talk: Negotiation, client_of: Sign) -> None:
    client = client_of(talk.offer.owner)
    url = reverse("negotiation:script", args=[talk.offer_id, "s10"])

    empty = client.post(url, {"channel": "call", "text": "", "action": "check"})
    long = client.post(url, {"channel": "call", "text": "x" * 12_001, "action": "check"})
    odd = client.post(url, {"channel": "fax", "text": "x"})

    assert (empty.status_code, long.status_code, odd.status_code) == (422, 422, 404)
    assert "x" * 12_001 in long.text


def test_a_script_of_a_recap_marks_the_call(talk: Negotiation, client_of: Sign) -> None:
    call = CallLogFactory.create(negotiation=talk)
    client = client_of(talk.offer.owner)
    url = reverse("negotiation:script", args=[talk.offer_id, "s24"])

    client.post(url, {"channel": "email", "text": "Thank you for the call.", "action": "sent"})

    call.refresh_from_db()
    assert call.recap_sent_at is not None
    assert SentScript.objects.get().call == call


def test_sending_the_list_of_promises_asks_for_them_in_writing(
    talk: Negotiation, client_of: Sign
) -> None:
    row = CommitmentFactory.create(negotiation=talk)
    url = reverse("negotiation:script", args=[talk.offer_id, "s23"])

    client_of(talk.offer.owner).post(
        url, {"channel": "email", "text": "As agreed. May I have a letter?", "action": "sent"}
    )

    row.refresh_from_db()
    assert row.state == "asked"


def test_statements_are_kept_and_said(talk: Negotiation, client_of: Sign) -> None:
    client = client_of(talk.offer.owner)
    url = reverse("negotiation:statements", args=[talk.offer_id])
    typed = {
        "team_reason": "the people",
        "preference": "on",
        "forfeited_label": "stock",
        "forfeited_amount": "$38,000",
        "forfeited_date": "2027-03-01",
    }

    answer = client.post(url, typed)

    assert answer.status_code == 302
    book = facts_of(talk).book
    assert book["preference"].text == "I would rather join you"
    assert book["forfeited"].text == "$38,000 of stock, due on 1 March 2027"
    client.post(url, {"team_reason": "the people"})
    assert "preference" not in facts_of(talk).book
    assert "forfeited" not in facts_of(talk).book


@pytest.mark.parametrize(
    ("field", "text", "why"),
    [
        ("team_reason", "the $400k you promised", "Leave amounts out here"),
        ("value_reason", "I have another offer.", "This claims another offer"),
        ("stay_reason", "my bottom line", "This gives away"),
    ],
)
def test_a_statement_that_no_script_could_hold_is_refused_beside_its_field(
    talk: Negotiation, client_of: Sign, field: str, text: str, why: str
) -> None:
    answer = client_of(talk.offer.owner).post(
        reverse("negotiation:statements", args=[talk.offer_id]), {field: text}
    )

    assert answer.status_code == 422
    assert why in str(answer.context["form"].errors[field])
    assert text in answer.text


def test_cards_are_found_by_a_word(talk: Negotiation, client_of: Sign) -> None:
    client = client_of(talk.offer.owner)
    url = reverse("negotiation:cards", args=[talk.offer_id])

    part = client.get(
        url, {"q": "finance"}, headers={"HX-Request": "true", "HX-Target": "cards"}
    ).text

    assert "I have to ask finance." in part
    assert "That is above our range." not in part
    assert "<html" not in part
    assert "Go on with: Recap after a call, and the nudge" in part
    assert "S24" not in part
    assert "No card for that" in client.get(url, {"q": "zzz"}).text


def test_practice_goes_round(talk: Negotiation, client_of: Sign) -> None:
    client = client_of(talk.offer.owner)
    url = reverse("negotiation:cards", args=[talk.offer_id])

    first = client.get(url, {"practise": "0"})
    last = client.get(url, {"practise": str(len(first.context["cards"]) - 1)})

    assert first.context["next_place"] == 1
    assert last.context["next_place"] == 0
    assert client.get(url, {"practise": "x"}).context["place"] == 1


def test_the_handbook_and_the_words_before_an_offer(candidate: User, client_of: Sign) -> None:
    client = client_of(candidate)

    handbook = client.get(reverse("negotiation:handbook")).text
    before = client.get(reverse("negotiation:before_offer"), {"tone": "plain"}).text

    assert "Reported by: A US survey of workers last hired, 2023" in handbook
    assert "not a promise" in handbook.lower() or "Reported, not promised" in handbook
    assert "What band have you set for this level?" in before
    assert all(row.title in unescape(handbook) for row in SITUATIONS.values())


@pytest.mark.parametrize("name", ["script_list", "statements", "cards", "question_list"])
def test_a_stranger_finds_nothing(
    talk: Negotiation, stranger: User, client_of: Sign, name: str
) -> None:
    client = client_of(stranger)
    url = reverse(f"negotiation:{name}", args=[talk.offer_id])
    missing = reverse(f"negotiation:{name}", args=[999_999])

    for method in ("GET", "POST", "PUT", "DELETE"):
        theirs, nobodys = client.generic(method, url), client.generic(method, missing)
        assert (theirs.status_code, nobodys.status_code) == (404, 404)
        assert words(theirs.text) == words(nobodys.text)


@pytest.mark.parametrize("key", ["s10", "s16", "s99", "S10"])
def test_a_stranger_finds_no_script(
    talk: Negotiation, stranger: User, client_of: Sign, key: str
) -> None:
    url = reverse("negotiation:script", args=[talk.offer_id, key])

    assert client_of(stranger).get(url).status_code == 404
    assert client_of(talk.offer.owner).get(url).status_code == (
        404 if key in {"s99", "S10"} else 200
    )


def test_opening_scripts_costs_the_same_however_much_is_on_record(
    talk: Negotiation, client_of: Sign, django_assert_max_num_queries: Any
) -> None:
    client = client_of(talk.offer.owner)
    call = CallLogFactory.create(negotiation=talk)
    for _ in range(4):
        CommitmentFactory.create(negotiation=talk, call=call)
    url = reverse("negotiation:script_list", args=[talk.offer_id])

    with django_assert_max_num_queries(70):
        assert client.get(url).status_code == 200


def test_statements_service_refuses_a_second_preference(talk: Negotiation, candidate: User) -> None:
    talk_about(another_offer(candidate), prefers_this_at=now())

    with pytest.raises(services.PreferredElsewhere):
        services.record_statements(
            talk=talk,
            words={},
            is_preferred=True,
            would_sign=False,
            extension_date=None,
            forfeited_label="",
            forfeited_amount=None,
            forfeited_date=None,
            may_be_named=False,
            as_of=now(),
        )


def test_after_yes_the_range_is_what_the_market_publishes_now(
    talk: Negotiation, monkeypatch: pytest.MonkeyPatch
) -> None:
    published = {
        "kind": "benchmark",
        "component": "base",
        "label": "Research engineer",
        "source_names": "A newer survey",
        "currency": "USD",
        "low": Decimal(230_000),
        "high": Decimal(280_000),
        "sample_size": 60,
        "as_of_date": timezone.localdate(),
    }
    monkeypatch.setattr(
        "negotiation.selectors.words.published_ranges", lambda *_, **__: [published]
    )
    assert facts_of(talk).book["range_low"].text == "$190,000"

    offers.move_offer(offer=talk.offer, to="accepted", as_of=now())

    book = facts_of(talk).book
    assert (book["range_low"].text, book["sources"].text) == ("$230,000", "A newer survey")


def test_a_term_is_said_within_the_sentence(talk: Negotiation) -> None:
    AskFactory.create(
        negotiation=talk,
        component="term",
        amount=None,
        term="Five years to exercise after leaving, instead of 90 days",
        position=1,
    )

    text = facts_of(talk).book["full_ask"].text

    assert text == (
        "a base salary of $215,000; and five years to exercise after leaving, instead of 90 days"
    )


def test_the_demonstration_speaks_well_of_itself() -> None:
    """Every script that is open in the demonstration renders without a doubt of its own."""
    demo = offers.seed_demo(
        email="demo@parley.local",
        password="correct horse battery",
        today=timezone.localdate(),
        as_of=now(),
    )
    talk = seed_demo_talks(user=demo.user, as_of=now())
    assert talk is not None
    facts = facts_of(talk)

    assert facts.refused == ()
    n_drafts = 0
    for template in ScriptTemplate.objects.all():
        situation = SITUATIONS[template.situation]
        if not set(situation.conditions) <= facts.conditions:
            continue
        script, _ = read_script(content.text_of(template.versions.get(is_current=True)))
        answer = render(script, facts.book)
        if isinstance(answer, Draft) and template.channel == "email":
            n_drafts += 1
            checked = check_text(answer.body, facts.book, situation)
            assert checked.remarks == (), (template, answer.body)
            off = [state.light for state in checked.lights if not state.is_on]
            assert off == [], (template, answer.body)
    assert n_drafts > 20
    assert "1. Base salary: $212,000" in body_of(talk, "S24")
