import datetime as dt
from decimal import Decimal
from unittest.mock import Mock

import pytest
from django.urls import get_resolver, reverse
from django.utils import timezone
from icalendar import Calendar

from market.models import Level, RoleFamily
from market.selectors import ComponentBenchmark
from negotiation import services
from negotiation.models import Ask, CalendarFeed, Commitment, Evidence, Negotiation
from offers import services as offer_services
from offers.models import Offer
from tests.factories.negotiation import (
    NOW,
    AskFactory,
    EvidenceFactory,
    current_revision,
    full_talk,
    offer_of,
)
from tests.factories.terms import public_terms, startup_terms
from tests.negotiation.test_talks import new_letter, rival_of, verbal

METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
ROUTES = [
    pattern
    for resolver in get_resolver().url_patterns
    if getattr(resolver, "namespace", None) == "negotiation"
    for pattern in resolver.url_patterns
    if "offers/<int:pk>" in str(pattern.pattern)
]


@pytest.fixture
def browser(client_of, candidate):
    return client_of(candidate)


@pytest.fixture
def talk(candidate):
    return services.open_negotiation(offer=offer_of(candidate), as_of=timezone.now())


def url(name, talk, *others):
    return reverse(f"negotiation:{name}", args=[talk.offer_id, *others])


def keys_of(talk):
    """Return a key of each kind of row that addresses name."""
    return {
        "pk": talk.offer_id,
        "ask_pk": talk.asks.first().pk,
        "evidence_pk": talk.evidence.first().pk,
        "task_pk": talk.tasks.first().pk,
        "commitment_pk": talk.commitments.first().pk,
        "win_pk": talk.wins.first().pk,
        "call_pk": talk.calls.first().pk,
    }


# --- who sees what -------------------------------------------------------------------------------


def test_strangers_get_the_answer_of_a_missing_talk_everywhere(client_of, candidate, stranger):
    talk = full_talk(candidate)
    keys = keys_of(talk)
    client = client_of(stranger)
    before = {model: model.objects.count() for model in (Negotiation, Ask, Evidence, Commitment)}

    seen = 0
    for pattern in ROUTES:
        wanted = pattern.pattern.converters
        if not wanted.keys() <= keys.keys():
            continue
        here = reverse(f"negotiation:{pattern.name}", kwargs={name: keys[name] for name in wanted})
        gone = reverse(f"negotiation:{pattern.name}", kwargs=dict.fromkeys(wanted, 987654))
        for method in METHODS:
            answer, missing = client.generic(method, here), client.generic(method, gone)
            assert answer.status_code == missing.status_code == 404, (method, here)
            assert "Alder" not in answer.text
        seen += 1
    assert seen > 20
    assert before == {model: model.objects.count() for model in before}


def test_rows_of_another_talk_are_missing_from_this_one(client_of, candidate, browser):
    mine = full_talk(candidate)
    other = services.open_negotiation(offer=rival_of(candidate), as_of=NOW)
    ask = AskFactory.create(negotiation=other)

    assert browser.get(url("ask_reply", mine, ask.pk)).status_code == 404
    assert browser.post(url("ask_drop", mine, ask.pk)).status_code == 404
    assert Ask.objects.filter(pk=ask.pk).exists()


def test_every_page_of_a_full_talk_opens(candidate, browser):
    talk = full_talk(candidate)
    keys = keys_of(talk)

    seen = []
    for pattern in ROUTES:
        wanted = pattern.pattern.converters
        if not wanted.keys() <= keys.keys():
            continue
        path = reverse(f"negotiation:{pattern.name}", kwargs={name: keys[name] for name in wanted})
        answer = browser.get(path)
        assert answer.status_code in {200, 302, 405}, path
        if answer.status_code == 200:
            seen.append(pattern.name)
    assert {"workspace", "ask_builder", "call_sheet", "ledger", "accept", "deadline"} <= set(seen)


def test_first_visit_begins_the_talk_once(candidate, browser):
    offer = offer_of(candidate)
    page = reverse("negotiation:workspace", args=[offer.pk])

    browser.get(page)
    answer = browser.get(page)

    assert "Confirm that it arrived" in answer.text
    assert Negotiation.objects.count() == 1


def test_list_of_talks_takes_the_same_queries_for_one_and_three(
    candidate, browser, django_assert_num_queries
):
    page = reverse("negotiation:negotiation_list")
    services.open_negotiation(offer=offer_of(candidate), as_of=NOW)
    browser.get(page)
    with django_assert_num_queries(12):
        browser.get(page)
    for name in ("Cedar", "Dogwood"):
        rival = rival_of(candidate, name=name)
        services.open_negotiation(offer=rival, as_of=NOW)

    with django_assert_num_queries(12):
        answer = browser.get(page)

    assert "Dogwood" in answer.text


# --- before the letter ---------------------------------------------------------------------------


def test_verbal_offer_has_the_letter_for_its_only_request(candidate, browser):
    talk = services.open_negotiation(offer=offer_of(candidate, verbal(public_terms())), as_of=NOW)

    page = browser.get(url("workspace", talk))
    locked = browser.get(url("ask_builder", talk))
    sheet = browser.get(url("call_sheet", talk))
    sent = browser.post(url("ask_builder", talk), {"base": "300000"})

    assert "Ask for the full offer in writing" in page.text
    assert "I’d love to see the full offer in writing" in page.text
    for answer in (locked, sheet, sent):
        assert "Nothing is asked for before a written offer" in answer.text
    assert not talk.asks.exists()
    browser.post(url("event_note", talk), {"kind": "letter_asked"})
    assert "Enter the letter when it comes" in browser.get(url("workspace", talk)).text


# --- the ask -------------------------------------------------------------------------------------


def test_ask_from_evidence_to_a_moved_gap(browser, talk):
    add = {
        "kind": "network",
        "component": "base",
        "label": "Research engineer, senior, New York",
        "source_names": "People I know",
        "currency": "USD",
        "low": "190k",
        "median": "220k",
        "high": "250k",
        "sample_size": "6",
        "is_matched": "on",
        "as_of_date": timezone.localdate().isoformat(),
    }
    assert browser.post(url("evidence_add", talk), add).status_code == 302
    page = browser.get(url("ask_builder", talk))
    assert "6 packages are too few for a 90th percentile" in page.text
    # 5% above the median: no leverage was ticked.
    assert "$231,000" in page.text

    assert browser.post(url("ask_builder", talk), {"base": "231000"}).status_code == 302
    assert browser.post(url("ask_put", talk), {"channel": "call"}).status_code == 302
    ask = talk.asks.get()
    assert (ask.state, ask.amount, ask.current_amount) == ("put", 231_000, 200_000)
    reply = {
        "reply": "band_limit",
        "amount": "210000",
        "channel": "call",
        "words": "That is the top",
    }
    assert browser.post(url("ask_reply", talk, ask.pk), reply).status_code == 302

    page = browser.get(url("ask_builder", talk))
    assert "Base is capped: $21,000 a year is left" in page.text
    assert "“That is the top”" in page.text
    answer = browser.post(url("gap_move", talk), {"kind": "equity"}, follow=True)
    assert "Whole shares were rounded up, in your favour." in answer.text
    equity = talk.asks.get(component="equity")
    assert equity.quantity > equity.current_quantity == 4_000


@pytest.mark.parametrize(
    ("target", "walk_away", "words"),
    [
        ("300000", "250000", "reaches your target"),
        ("340000", "250000", "one closing item that costs them little"),
        ("340000", "330000", "leave the door open"),
    ],
)
def test_final_offer_is_read_against_the_private_values(browser, talk, target, walk_away, words):
    # The offer comes to 310,000 a year.
    EvidenceFactory.create(
        negotiation=talk, component="total", low=290_000, median=330_000, high=360_000, top=400_000
    )
    services.set_private_values(
        talk=talk,
        values={"aspiration_value": Decimal(target), "reservation_value": Decimal(walk_away)},
    )
    browser.post(url("ask_builder", talk), {"base": "230000"})
    browser.post(url("ask_put", talk), {"channel": "call"})
    before = browser.get(url("ask_builder", talk)).text
    ask = talk.asks.get()

    browser.post(url("ask_reply", talk, ask.pk), {"reply": "final", "channel": "call"})

    page = browser.get(url("ask_builder", talk)).text
    assert words in page
    assert words not in before
    assert url("workspace", talk) + "scripts/s12/" in page


def test_market_of_today_stands_beside_the_results(candidate, browser, monkeypatch):
    talk = accepted(services.open_negotiation(offer=offer_of(candidate), as_of=NOW))
    cell = ComponentBenchmark(
        benchmark_id=1,
        snapshot_id=1,
        component="base",
        basis="offered",
        basis_label="Offered",
        currency="USD",
        n=64,
        n_employers=20,
        p10=None,
        p25=Decimal(180_000),
        p50=Decimal(210_000),
        p75=Decimal(240_000),
        p90=None,
        intervals={},
        step=0,
        step_label="",
        description="research engineers, senior, in the United States",
        typical_error=None,
        sources=(),
        oldest_date=NOW.date(),
        as_of=NOW.date(),
        is_modelled=False,
    )
    monkeypatch.setattr(
        "negotiation.selectors.pages.benchmark_for", lambda *_, **__: Mock(base=cell)
    )

    page = browser.get(url("after", talk)).text

    assert "n = 64" in page
    assert "$180k to $240k" in page
    assert "about percentile 42" in page  # two thirds of the way from the 25th to the median


def test_typed_ask_is_kept_where_it_cannot_be_read(browser, talk):
    answer = browser.post(url("ask_builder", talk), {"base": "a bit more", "sign_on": "50000"})

    assert answer.status_code == 422
    assert 'value="a bit more"' in answer.text
    assert 'value="50000"' in answer.text
    assert not talk.asks.exists()


def test_ask_below_the_offer_and_an_empty_ask_are_refused(browser, talk):
    low = browser.post(url("ask_builder", talk), {"base": "150000"})
    empty = browser.post(url("ask_builder", talk), {})

    assert "That is less than the offer already says." in low.text
    assert "Vague requests are easy to dismiss." in empty.text


def test_ask_outside_the_evidence_is_said_and_not_stopped(browser, talk):
    EvidenceFactory.create(negotiation=talk, component="base")

    answer = browser.post(url("ask_builder", talk), {"base": "400000"}, follow=True)

    assert "This is more than the evidence supports." in answer.text
    assert "You ask for base salary alone." in answer.text
    assert talk.asks.get().amount == 400_000


def test_private_values_stand_on_no_sheet_and_in_no_ask(browser, talk):
    EvidenceFactory.create(negotiation=talk)
    values = {
        "aspiration_value": "345,678",
        "stretch_value": "398,765",
        "reservation_value": "287,654",
        "leverage_factors": ["rare_match", "pressed"],
        "alternative_label": "My current job",
        "alternative_value": "276,543",
        "stay_years": "4",
        "raise_fraction": "3",
        "discount_rate": "6",
        "leaving_probability": "10",
        "paper_fraction": "0",
    }
    answer = browser.post(url("private_values", talk), values)
    assert answer.status_code == 302, answer.context["form"].errors

    builder, sheet = browser.get(url("ask_builder", talk)), browser.get(url("call_sheet", talk))

    assert "$276,543" in builder.text  # the best alternative, for its owner alone
    for secret in ("345,678", "398,765", "287,654", "276,543", "My current job"):
        assert secret not in sheet.text


def test_call_sheet_says_the_ask_and_its_range_as_the_scripts_do(browser, talk):
    EvidenceFactory.create(negotiation=talk, component="base")
    AskFactory.create(negotiation=talk, position=0)
    AskFactory.create(
        negotiation=talk,
        position=1,
        component="term",
        current_amount=None,
        amount=None,
        term="five years to exercise after leaving",
    )

    sheet = " ".join(browser.get(url("call_sheet", talk)).text.split())

    assert "comparable roles pay: $190k to $250k base salary" in sheet
    assert (
        "I was hoping we could move to a base salary of $215,000 and five years to exercise after "
        "leaving. Is there flexibility there?" in sheet
    )


def test_pages_of_a_talk_light_up_one_place_of_the_navigation(browser, talk):
    page = browser.get(url("workspace", talk)).text

    assert page.count('aria-current="page"') == 1
    assert '<a href="/negotiations/" aria-current="page">' in page


def test_walk_away_above_the_target_is_refused_beside_the_field(browser, talk):
    values = {
        "aspiration_value": "200000",
        "reservation_value": "300000",
        "stay_years": "4",
        "raise_fraction": "3",
        "discount_rate": "6",
        "leaving_probability": "10",
        "paper_fraction": "0",
    }

    answer = browser.post(url("private_values", talk), values)

    assert answer.status_code == 422
    assert "Your target cannot lie below your walk-away." in answer.text


def test_offer_that_cannot_be_cited_is_not_even_listed(candidate, stranger, browser, talk):
    good = rival_of(candidate, due=timezone.localdate() + dt.timedelta(days=30))
    declined = rival_of(candidate, state="declined", name="Declined Inc")
    foreign = rival_of(stranger, name="Foreign Inc")

    page = browser.get(url("ask_builder", talk))
    assert "Declined Inc cannot be cited: it is declined." in page.text
    assert "Foreign Inc" not in page.text
    for offer in (declined, foreign, talk.offer):
        browser.post(url("evidence_cite", talk), {"revision": current_revision(offer).pk})
    assert not talk.evidence.exists()
    browser.post(url("evidence_cite", talk), {"revision": current_revision(good).pk})

    assert talk.evidence.get().competing_revision == current_revision(good)


def test_market_without_figures_says_so(browser, talk):
    answer = browser.post(url("evidence_market", talk), follow=True)

    assert "No published figures match this role" in answer.text


# --- the call ------------------------------------------------------------------------------------


def test_call_is_noted_with_its_promises(browser, talk):
    form = {
        "held_at": "2026-11-17T10:30",
        "channel": "call",
        "person": "Robin",
        "mood": "Warm",
        "notes": "They like the eval work.",
        "open_points": "Start date\n\nRemote on Fridays",
        "next_step": "Revised letter",
        "follow_up_date": "2026-11-19",
        "promise_1_component": "sign_on",
        "promise_1_term": "More sign-on",
        "promise_1_amount": "55k",
        "promise_2_component": "",
    }

    assert browser.post(url("call_log", talk), form).status_code == 302

    call = talk.calls.get()
    assert call.open_points == ["Start date", "Remote on Fridays"]
    assert call.held_at == dt.datetime(2026, 11, 17, 15, 30, tzinfo=dt.UTC)  # 10:30 in New York
    promise = talk.commitments.get()
    assert (promise.amount, promise.said_by, promise.call) == (55_000, "Robin", call)
    assert "Send the recap" in browser.get(url("workspace", talk)).text


def test_call_keeps_what_was_typed_where_something_is_wrong(browser, talk):
    form = {
        "held_at": "yesterday",
        "channel": "call",
        "notes": "Kept word for word",
        "promise_1_term": "More equity",
    }

    answer = browser.post(url("call_log", talk), form)

    assert answer.status_code == 422
    assert "Kept word for word" in answer.text
    assert "Choose what this promise is about." in answer.text
    assert not talk.calls.exists()


# --- promises, accepting, after ------------------------------------------------------------------


def test_accepting_points_out_the_promise_that_is_only_words(browser, talk, candidate):
    rival = rival_of(candidate)
    browser.post(
        url("ledger", talk),
        {
            "component": "base",
            "term": "Base of 220,000",
            "amount": "220000",
            "said_by": "Robin",
            "said_date": "2026-11-17",
            "channel": "call",
        },
    )
    browser.post(
        url("ledger", talk),
        {
            "component": "term",
            "term": "Review after six months",
            "said_date": "2026-11-17",
            "channel": "call",
        },
    )
    new_letter(talk.offer, base=Decimal(220_000))
    settled = browser.post(url("ledger_settle", talk), follow=True)
    assert "1 promise found in the letter; 1 still only words." in settled.text
    words = talk.commitments.get(state="verbal")

    page = browser.get(url("accept", talk))
    assert "Review after six months" in page.text
    form = {"signed_date": "2026-11-20", "knows_skipped": "on", f"decline_{rival.pk}": "on"}
    refused = browser.post(url("accept", talk), form)
    assert refused.status_code == 422
    assert "This promise is only words." in refused.text
    accepted = browser.post(url("accept", talk), form | {f"words_{words.pk}": "on"}, follow=True)

    assert accepted.redirect_chain[0][0] == url("after", talk)
    assert "$80,000" in accepted.text  # four years of 20,000 more
    assert "1 promise you accepted as words: Review after six months" in accepted.text
    talk.offer.refresh_from_db()
    rival.refresh_from_db()
    assert (talk.offer.state, rival.state) == (Offer.State.ACCEPTED, Offer.State.DECLINED)


def accepted(talk):
    services.accept_offer(
        talk=talk, confirmed=[], note="", signed_date=NOW.date(), also_decline=[], as_of=NOW
    )
    return talk


def test_accepted_talk_is_frozen(browser, talk):
    accepted(talk)

    for name, data in (
        ("ask_builder", {"base": "300000"}),
        ("ledger", {"component": "base", "term": "x", "said_date": "2026-11-17"}),
        ("evidence_market", {}),
        ("call_log", {"held_at": "2026-11-17T10:30", "channel": "call"}),
    ):
        answer = browser.post(url(name, talk), data, follow=True)
        assert "its asks and promises stay as they were" in answer.text, name
    assert not talk.asks.exists()
    assert not talk.commitments.exists()


def test_verbal_offer_cannot_be_accepted(candidate, browser):
    talk = services.open_negotiation(offer=offer_of(candidate, verbal(public_terms())), as_of=NOW)

    answer = browser.post(
        url("accept", talk), {"signed_date": "2026-11-20", "knows_skipped": "on"}, follow=True
    )

    assert "The current terms are only verbal." in answer.text
    talk.offer.refresh_from_db()
    assert talk.offer.state == Offer.State.VERBAL


def test_page_after_yes_plans_logs_and_gives(candidate, browser):
    talk = services.open_negotiation(offer=offer_of(candidate, startup_terms()), as_of=NOW)
    early = browser.get(url("after", talk), follow=True)
    assert "This page opens once you have accepted." in early.text
    accepted(talk)

    page = browser.post(
        url("after", talk), {"form": "start", "start_date": "2027-01-04"}, follow=True
    )
    assert "First vesting: 25% of the grant" in page.text
    assert "4 January 2028" in page.text
    assert "Deliver one small thing that somebody needed" in page.text
    bad = browser.post(url("after", talk), {"form": "win", "happened_date": "x", "what": "Kept"})
    assert bad.status_code == 422
    assert 'value="Kept"' in bad.text
    browser.post(
        url("after", talk),
        {"form": "win", "happened_date": "2027-02-01", "what": "Cut cost", "effect": "by half"},
    )
    assert talk.wins.get().effect == "by half"
    browser.post(
        url("after", talk),
        {"form": "dates", "review_date": "2027-12-01", "stock_purchase_date": "2027-01-10"},
    )
    talk.refresh_from_db()
    assert talk.review_date == dt.date(2027, 12, 1)
    refused = browser.post(url("outcome_consent", talk), {"consents": "on"}, follow=True)
    assert "Say what kind of work it is first" in refused.text
    Offer.objects.update(
        role_family=RoleFamily.objects.get(key="ml_engineer"), level=Level.objects.get(key="L5")
    )
    assert "$160,000" in browser.get(url("after", talk)).text  # what would be given, exactly
    browser.post(url("outcome_consent", talk), {"consents": "on"})
    assert talk.outcome.consented_at is not None
    browser.post(url("outcome_consent", talk))
    talk.outcome.refresh_from_db()
    assert talk.outcome.consent_withdrawn_at is not None


def test_plan_is_ticked_changed_and_added_to(browser, talk):
    task = talk.tasks.get(key="market-data")

    browser.post(url("task_tick", talk, task.pk), {"done": "yes"})
    task.refresh_from_db()
    assert task.done_at is not None
    browser.post(url("task_edit", talk, task.pk), {"title": "Ask Sam", "due_date": "2026-11-20"})
    task.refresh_from_db()
    assert task.title == "Ask Sam"
    browser.post(url("task_add", talk), {"title": "Sleep on it", "phase": "answer"})
    assert talk.tasks.filter(key="", title="Sleep on it").exists()
    bad = browser.post(url("task_add", talk), {"title": "", "phase": "answer"})
    assert bad.status_code == 422
    browser.post(url("task_edit", talk, task.pk), {"drop": "yes"})
    assert not talk.tasks.filter(pk=task.pk).exists()


def test_ticking_never_leads_to_another_site(browser, talk):
    task = talk.tasks.get(key="market-data")

    for place in ("https://evil.example/", "//evil.example/", "/\\evil.example"):
        answer = browser.post(url("task_tick", talk, task.pk), {"done": "yes", "next": place})
        assert answer.url == url("workspace", talk)


def test_deadline_is_set_to_the_hour_in_its_own_zone(browser, talk):
    form = {
        "received_at": "2026-11-16T09:00",
        "due_date": "2026-11-25",
        "due_time": "18:00",
        "time_zone": "Europe/Berlin",
    }

    assert browser.post(url("deadline", talk), form).status_code == 302

    talk.refresh_from_db()
    assert talk.deadline_at == dt.datetime(2026, 11, 25, 17, 0, tzinfo=dt.UTC)
    page = browser.get(url("workspace", talk)).text
    assert "Wed 25 Nov, 18:00" in page
    bad = browser.post(url("deadline", talk), {"due_time": "18:00"})
    assert "Write the day that this hour is on." in bad.text


# --- calendars -----------------------------------------------------------------------------------


def entries(content):
    calendar = Calendar.from_ical(content)
    return {str(event["uid"]): event for event in calendar.walk("VEVENT")}


def test_calendar_file_names_days_and_no_secret(browser, talk):
    answer = browser.get(url("calendar_file", talk))

    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    found = entries(answer.content)
    due = found[f"answer-{talk.pk}@parley"]
    assert due.decoded("dtstart") == talk.offer.respond_by_date
    assert len(found) == 1 + talk.tasks.count()
    assert "Alder" not in answer.text
    assert "200" not in str(due["summary"])


def test_calendar_after_yes_has_vesting_and_clawback(candidate, browser):
    terms = public_terms()
    terms.grants[0].cliff_months = 12
    terms.payments[0].repayment_months = 12
    talk = accepted(services.open_negotiation(offer=offer_of(candidate, terms), as_of=NOW))
    services.plan_first_days(talk=talk, start_date=dt.date(2027, 1, 4))

    found = entries(browser.get(url("calendar_file", talk)).content)

    days = {uid.rsplit("-", 1)[0]: event.decoded("dtstart") for uid, event in found.items()}
    assert days["cliff-1"] == days["clawback-0"] == dt.date(2028, 1, 4)
    assert days["vest-1-48"] == dt.date(2031, 1, 4)
    assert days["review"] == dt.date(2028, 1, 4)


def test_feed_answers_its_token_and_nothing_else(client_of, candidate, browser, client):
    services.open_negotiation(offer=offer_of(candidate), as_of=NOW)
    made = browser.post(reverse("negotiation:calendar_feeds"), {"label": "Phone"})
    address = made.context["new_url"]
    token = address.rstrip("/").split("/")[-2]
    assert len(token) >= 43  # 256 bits
    feed = CalendarFeed.objects.get()
    assert token not in (feed.token_hash, feed.label)
    assert token not in browser.get(reverse("negotiation:calendar_feeds")).text

    answer = client.get(address)

    assert answer.status_code == 200
    assert len(entries(answer.content)) > 5
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert "no-store" in answer["Cache-Control"]
    assert answer["Referrer-Policy"] == "no-referrer"
    assert "sessionid" not in client.cookies


def test_ended_expired_and_unknown_feeds_answer_alike(candidate, stranger, client_of, client):
    now = timezone.now()
    ended = services.open_calendar_feed(owner=candidate, label="", as_of=now)
    expired = services.open_calendar_feed(owner=candidate, label="", as_of=now)
    CalendarFeed.objects.filter(pk=expired.feed.pk).update(
        created_at=now - dt.timedelta(days=2), expires_at=now - dt.timedelta(days=1)
    )
    revoke = reverse("negotiation:calendar_feed_revoke", args=[ended.feed.pk])
    assert client_of(stranger).post(revoke).status_code == 404
    client_of(candidate).post(revoke)

    texts = set()
    for token in (ended.token, expired.token, "x" * 43, "é"):
        answer = client.get(reverse("negotiation:calendar_feed", args=[token]))
        assert answer.status_code == 404
        assert answer["X-Robots-Tag"] == "noindex, nofollow"
        texts.add(answer.text)
    assert len(texts) == 1


def test_feeds_are_few(candidate):
    for _ in range(5):
        services.open_calendar_feed(owner=candidate, label="", as_of=NOW)

    with pytest.raises(services.TooManyFeeds):
        services.open_calendar_feed(owner=candidate, label="", as_of=NOW)


def test_deleting_the_offer_takes_the_talk_along(candidate, browser):
    talk = full_talk(candidate)

    offer_services.delete_offer(offer=talk.offer)

    assert browser.get(url("workspace", talk)).status_code == 404
