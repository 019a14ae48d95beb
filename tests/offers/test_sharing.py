"""Private links: who may open one, what is hidden, what the owner sees, and how each one ends."""

import datetime as dt
import re
import secrets
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.conf import settings
from django.core import signing
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from accounts.models import User
from config.figures.fields import FigureStatus
from offers import selectors, services
from offers.models import (
    Benefit,
    CashPayment,
    Comparison,
    MentorComment,
    OfferRevision,
    ShareLink,
    ShareLinkView,
    Valuation,
)
from offers.selectors.sharing import SHOWN, Hideable, may_show
from offers.services.sharing import MOST_COMMENTS, MOST_OPEN_LINKS, MOST_VIEWS_KEPT
from tests.answers import told
from tests.factories.terms import exit_scenarios, public_terms, startup_terms

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 11, 24, 9, 0, tzinfo=dt.UTC)
BROWSER = {"user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0"}

# For each choice, words of the shared page that only what it hides can bring about.
TELLTALES: dict[str, tuple[str, ...]] = {
    Hideable.COMPANY_NAMES: ("Alder Research", "Bellwether AI"),
    Hideable.JOB_TITLES: ("Astrophysicist of models", "Founding cartographer"),
    Hideable.LOCATIONS: ("New York City",),
    Hideable.EXACT_AMOUNTS: ("$203,457", "$161,239"),
    Hideable.SIGN_ON: ("$43,219",),
    Hideable.BONUS: ("$34,588",),
    Hideable.BENEFITS: ("$7,654",),
    Hideable.EQUITY: ("4,321 RSUs", "81,234 options"),
    Hideable.CAP_TABLE: ("12,345,678", "12.3M", "$2.22", "$7.50"),
    Hideable.EXIT_SCENARIOS: ("The sale of my dreams",),
    Hideable.DATES: ("16 November 2026", "Fri 18 Dec", "Mon 4 Jan"),
}


@pytest.fixture
def comparison(candidate: User) -> Comparison:
    """Two offers whose every hideable figure stands out on a page."""
    listed = public_terms(
        benefits=[Benefit(kind=Benefit.Kind.HEALTH, yearly_value=Decimal(7_654))],
        payments=[CashPayment(amount=Decimal(43_219), is_repayment_stated=True)],
    )
    listed.offer.title = "Astrophysicist of models"
    listed.offer.respond_by_date = dt.date(2026, 12, 18)
    listed.offer.is_respond_by_stated = True
    listed.offer.start_date = dt.date(2027, 1, 4)
    listed.offer.contact_name = "Contact Zyx"
    listed.offer.notes = "Notes Zyx"
    listed.revision.base_salary = Decimal(203_457)
    listed.revision.bonus_basis = OfferRevision.BonusBasis.PERCENT
    listed.revision.target_bonus_fraction = Decimal("0.17")
    listed.grants[0].quantity = Decimal(4_321)
    startup = startup_terms(exit_scenarios=exit_scenarios())
    startup.offer.title = "Founding cartographer"
    startup.revision.base_salary = Decimal(161_239)
    startup.grants[0].quantity = Decimal(81_234)
    startup.exit_scenarios[0].name = "The sale of my dreams"
    assert startup.cap_table is not None
    startup.cap_table.fully_diluted_shares = Decimal(12_345_678)
    startup.cap_table.fair_market_value = Decimal("2.22")
    startup.cap_table.fair_market_value_status = FigureStatus.WRITTEN
    offers = [
        services.record_offer(owner=candidate, terms=terms, as_of=NOW)
        for terms in (listed, startup)
    ]
    return services.compare_offers(
        owner=candidate, offers=offers, name="Secret plans", currency="USD", horizon_years=4
    )


def share(comparison: Comparison, **changes: Any) -> services.NewLink:
    fields: dict[str, Any] = {
        "label": "Grace",
        "question": "Which one?",
        "lifetime_days": 7,
        "passcode": "",
        "hidden": (),
        "may_comment": True,
        "nonce": secrets.token_urlsafe(16),
        "as_of": timezone.now(),
    }
    return services.share_comparison(comparison=comparison, **{**fields, **changes})


def at(new: services.NewLink | str, door: str = "comparison") -> str:
    token = new if isinstance(new, str) else new.token
    return reverse(f"offers:shared_{door}", args=[token])


@pytest.fixture
def mentor() -> Client:
    return Client(headers=BROWSER)


# --- the token ---------------------------------------------------------------------------------


def test_token_has_256_bits_and_only_its_hash_is_kept(comparison: Comparison) -> None:
    new = share(comparison)

    kept = ShareLink.objects.values().get()
    assert len(new.token) == 43
    assert new.token not in map(str, kept.values())
    assert re.fullmatch(r"[0-9a-f]{64}", kept["token_hash"])
    assert new.token not in repr(new)


def test_every_link_that_is_not_open_gets_the_same_answer(
    comparison: Comparison, mentor: Client
) -> None:
    revoked, expired, passcoded = (
        share(comparison),
        share(comparison),
        share(comparison, passcode="open sesame"),
    )
    ShareLink.objects.filter(pk=expired.link.pk).update(
        created_at=NOW - dt.timedelta(days=8), expires_at=NOW - dt.timedelta(days=1)
    )
    services.revoke_link(link=revoked.link, as_of=timezone.now())
    services.revoke_link(link=passcoded.link, as_of=timezone.now())

    for door, method in (("comparison", "get"), ("passcode", "post"), ("comments", "post")):
        answers = [
            getattr(mentor, method)(at(token, door))
            for token in (revoked, expired, passcoded, "A" * 43, "x")
        ]
        assert {answer.status_code for answer in answers} == {404}
        assert len({answer.content for answer in answers}) == 1
        assert len({tuple(sorted(answer.headers.items())) for answer in answers}) == 1


def test_link_ends_at_its_moment_and_not_before(comparison: Comparison) -> None:
    new = share(comparison, as_of=NOW, lifetime_days=7)
    end = NOW + dt.timedelta(days=7)

    assert selectors.open_link(new.token, as_of=end - dt.timedelta(seconds=1)) == new.link
    assert selectors.open_link(new.token, as_of=end) is None


def test_link_is_revoked_once(comparison: Comparison) -> None:
    new = share(comparison)

    assert services.revoke_link(link=new.link, as_of=NOW) is True
    assert services.revoke_link(link=new.link, as_of=NOW + dt.timedelta(days=1)) is False
    assert ShareLink.objects.get().revoked_at == NOW


def test_links_have_an_end_in_number(comparison: Comparison) -> None:
    for _ in range(MOST_OPEN_LINKS):
        share(comparison, as_of=NOW)

    with pytest.raises(services.TooManyLinks):
        share(comparison, as_of=NOW)


def test_shared_page_is_kept_from_caches_indexes_and_referrers(
    comparison: Comparison, mentor: Client
) -> None:
    answer = mentor.get(at(share(comparison)))

    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert answer["Cache-Control"] == "no-store"
    assert answer["Referrer-Policy"] == "no-referrer"
    assert "<script" not in answer.text
    assert "Set-Cookie" not in answer.headers


def test_no_log_holds_the_token(
    comparison: Comparison, mentor: Client, caplog: pytest.LogCaptureFixture
) -> None:
    new = share(comparison)

    mentor.get(at(new))
    mentor.post(at(new, "comments"), {"body": "Zyx"})

    assert caplog.text.count("request_finished") == 2
    assert new.token not in caplog.text


def test_links_are_counted_against_guessing(comparison: Comparison, mentor: Client) -> None:
    statuses = [mentor.get(at(f"{number:043d}")).status_code for number in range(61)]

    assert statuses == [404] * 60 + [429]


# --- what is hidden ----------------------------------------------------------------------------


def test_every_choice_has_a_telltale_here() -> None:
    assert set(TELLTALES) == set(Hideable.values)


@pytest.mark.parametrize("choice", Hideable)
def test_what_is_hidden_stands_nowhere_in_the_page(
    comparison: Comparison, mentor: Client, choice: Hideable
) -> None:
    Valuation.objects.update(n_paths=2_000)
    for valuation in Valuation.objects.all():
        services.run_valuation(valuation_id=valuation.pk, clock=timezone.now)

    open_page = mentor.get(at(share(comparison))).text
    veiled_page = mentor.get(at(share(comparison, hidden=[choice]))).text

    assert any(word in open_page for word in TELLTALES[choice])
    assert not [word for word in TELLTALES[choice] if word in veiled_page]


def test_everything_hidden_leaves_a_page_that_tells_nothing(
    comparison: Comparison, mentor: Client
) -> None:
    page = mentor.get(at(share(comparison, hidden=Hideable.values))).text

    words = [word for telltales in TELLTALES.values() for word in telltales]
    assert not [word for word in words if word in page]
    assert "Company A" in page
    assert "Company B" in page


def test_contacts_notes_and_names_of_comparisons_are_never_shared(
    comparison: Comparison, mentor: Client, candidate: User
) -> None:
    page = mentor.get(at(share(comparison))).text

    for secret in ("Zyx", "Secret plans", candidate.email, "Grace"):
        assert secret not in page


@pytest.mark.parametrize(
    ("choice", "change"),
    [
        (Hideable.COMPANY_NAMES, lambda t: setattr(t.company, "name", "Elsewhere")),
        (Hideable.JOB_TITLES, lambda t: setattr(t.offer, "title", "Janitor")),
        (Hideable.SIGN_ON, lambda t: setattr(t.payments[0], "amount", Decimal(99))),
        (Hideable.BONUS, lambda t: setattr(t.revision, "target_bonus_fraction", Decimal("0.3"))),
        (Hideable.BENEFITS, lambda t: setattr(t.benefits[0], "yearly_value", Decimal(1))),
        (Hideable.EQUITY, lambda t: setattr(t.grants[0], "quantity", Decimal(9))),
        (Hideable.DATES, lambda t: setattr(t.offer, "respond_by_date", dt.date(2027, 2, 1))),
        (Hideable.EXACT_AMOUNTS, lambda t: setattr(t.revision, "base_salary", Decimal(199_999))),
    ],
)
def test_pages_that_differ_only_in_what_is_hidden_are_the_same(
    comparison: Comparison, monkeypatch: Any, choice: Hideable, change: Callable[[Any], None]
) -> None:
    # Nothing can be subtracted from a page to find what its totals were worked out without.
    read = selectors.compared_terms(comparison)

    def page(hidden: frozenset[str]) -> str:
        view = selectors.shared_view(
            read, selectors.Assumptions.of(comparison), hidden=hidden, today=NOW.date()
        )
        return repr(view)

    before, before_open = page(frozenset({choice})), page(frozenset())
    change(read[0].terms)

    assert page(frozenset({choice})) == before
    assert page(frozenset()) != before_open


def test_what_nobody_decided_about_is_not_shown() -> None:
    assert may_show("a row that somebody adds tomorrow", ()) is False
    assert all(may_show(key, ()) for key in SHOWN)


def test_question_may_not_name_what_the_link_hides(
    comparison: Comparison, candidate: User, client_of: Callable[..., Client]
) -> None:
    answer = client_of(candidate).post(
        reverse("offers:share_links", args=[comparison.pk]),
        {
            "label": "Grace",
            "question": "Is bellwether ai serious?",
            "lifetime_days": "7",
            "hidden": ["company_names"],
        },
    )

    assert answer.status_code == 422
    assert "Your question names Bellwether AI, which this link hides." in answer.text
    assert not ShareLink.objects.exists()


# --- passcodes ---------------------------------------------------------------------------------


def test_passcode_stands_before_the_page(comparison: Comparison, mentor: Client) -> None:
    new = share(comparison, passcode="open sesame")
    assert "Bellwether AI" not in mentor.get(at(new)).text

    wrong = mentor.post(at(new, "passcode"), {"passcode": "open says me"})
    assert wrong.status_code == 422
    assert "That is not the passcode." in wrong.text
    right = mentor.post(at(new, "passcode"), {"passcode": "open sesame"})

    assert right["Location"] == at(new)
    assert right.cookies["share-pass"]["path"] == at(new)
    assert right.cookies["share-pass"]["httponly"] is True
    assert "Bellwether AI" in mentor.get(at(new)).text
    assert "open sesame" not in str(ShareLink.objects.values().get())


def test_pass_of_one_link_opens_no_other(comparison: Comparison, mentor: Client) -> None:
    first, second = (share(comparison, passcode="open sesame") for _ in range(2))
    cookie = mentor.post(at(first, "passcode"), {"passcode": "open sesame"}).cookies["share-pass"]

    other = Client(headers={**BROWSER, "cookie": f"share-pass={cookie.value}"})

    assert "Bellwether AI" in other.get(at(first)).text
    assert "Bellwether AI" not in other.get(at(second)).text


def test_passcode_is_not_guessed(comparison: Comparison, mentor: Client) -> None:
    new = share(comparison, passcode="open sesame")

    statuses = [
        mentor.post(
            at(new, "passcode"), {"passcode": f"guess {n}"}, REMOTE_ADDR=f"203.0.113.{n}"
        ).status_code
        for n in range(21)
    ]
    right = mentor.post(
        at(new, "passcode"), {"passcode": "open sesame"}, REMOTE_ADDR="203.0.113.200"
    )

    assert statuses == [422] * 20 + [429]
    assert right.status_code == 429


def test_comment_without_the_passcode_is_led_to_the_door(
    comparison: Comparison, mentor: Client
) -> None:
    new = share(comparison, passcode="open sesame")

    answer = mentor.post(at(new, "comments"), {"author_name": "Eve", "body": "Hello"})

    assert answer["Location"] == at(new)
    assert not MentorComment.objects.exists()


# --- the view log ------------------------------------------------------------------------------


def test_owner_sees_who_opened_a_link_and_on_what(
    comparison: Comparison, mentor: Client, candidate: User, client_of: Callable[..., Client]
) -> None:
    new = share(comparison)
    mentor.get(at(new))
    mentor.get(at(new))

    page = client_of(candidate).get(reverse("offers:share_links", args=[comparison.pk])).text

    assert list(ShareLinkView.objects.values_list("device", flat=True)) == ["Firefox on Linux"] * 2
    assert "2 times, last on" in page
    assert "Firefox on Linux" in page


@pytest.mark.parametrize(
    "headers",
    [
        {"user-agent": "Slackbot-LinkExpanding 1.0"},
        {"user-agent": "WhatsApp/2.23.20"},
        {"user-agent": "Mozilla/5.0 (compatible; Googlebot/2.1)"},
        {**BROWSER, "sec-purpose": "prefetch"},
    ],
)
def test_previews_and_robots_are_no_visits(comparison: Comparison, headers: dict[str, str]) -> None:
    Client(headers=headers).get(at(share(comparison)))

    assert not ShareLinkView.objects.exists()


def test_the_owner_is_no_visitor(
    comparison: Comparison, candidate: User, client_of: Callable[..., Client]
) -> None:
    client_of(candidate, headers=BROWSER).get(at(share(comparison)))

    assert not ShareLinkView.objects.exists()


def test_oldest_visits_give_way(comparison: Comparison, monkeypatch: Any) -> None:
    monkeypatch.setattr("offers.services.sharing.MOST_VIEWS_KEPT", 3)
    link = share(comparison).link
    assert MOST_VIEWS_KEPT == 500

    for hour in range(5):
        services.record_view(link=link, device="", as_of=NOW + dt.timedelta(hours=hour))

    hours = [view.viewed_at.hour for view in link.views.order_by("viewed_at")]
    assert hours == [11, 12, 13]


@pytest.mark.parametrize("n_links", [1, 3])
def test_owners_page_asks_the_same_questions_for_any_number(
    comparison: Comparison,
    candidate: User,
    client_of: Callable[..., Client],
    django_assert_num_queries: Any,
    n_links: int,
) -> None:
    for _ in range(n_links):
        link = share(comparison).link
        services.record_view(link=link, device="", as_of=NOW)
        services.leave_comment(link=link, author_name="Grace", anchor="", body="Ask.")
    client = client_of(candidate)
    address = reverse("offers:share_links", args=[comparison.pk])
    client.get(address)

    with django_assert_num_queries(12):
        page = client.get(address).text

    assert page.count("End this link now") == n_links


# --- comments ----------------------------------------------------------------------------------


def comment_on(mentor: Client, new: services.NewLink, **changes: str) -> Any:
    stamp = re.search(r'name="stamp" value="([^"]+)"', mentor.get(at(new)).text)
    assert stamp
    fields = {
        "author_name": "Grace",
        "anchor": "payouts",
        "body": "Ask for more.",
        "stamp": stamp[1],
    }
    return mentor.post(at(new, "comments"), {**fields, **changes})


def test_mentor_comments_beside_a_part_and_owner_replies(
    comparison: Comparison, mentor: Client, candidate: User, client_of: Callable[..., Client]
) -> None:
    new, owner = share(comparison), client_of(candidate)
    address = reverse("offers:share_links", args=[comparison.pk])

    answer = comment_on(mentor, new, body="<b>Ask</b> for more.")
    assert answer["Location"] == f"{at(new)}#comments-payouts"
    comment = MentorComment.objects.get()
    assert "&lt;b&gt;Ask&lt;/b&gt; for more." in owner.get(address).text
    replied = owner.post(
        reverse("offers:share_reply", args=[comparison.pk, new.link.pk, comment.pk]),
        {f"reply-{comment.pk}-body": "I will."},
    )

    assert replied["Location"] == f"{address}#link-{new.link.pk}"
    page = mentor.get(at(new)).text
    assert page.index("&lt;b&gt;Ask&lt;/b&gt; for more.") < page.index("I will.")
    assert candidate.email not in page


def test_removed_comment_is_gone_for_both(
    comparison: Comparison, mentor: Client, candidate: User, client_of: Callable[..., Client]
) -> None:
    new = share(comparison)
    comment_on(mentor, new)
    comment = MentorComment.objects.get()
    owner = client_of(candidate)

    address = reverse("offers:share_remove_comment", args=[comparison.pk, new.link.pk, comment.pk])
    owner.post(address)

    assert "Ask for more." not in mentor.get(at(new)).text
    assert owner.post(address).status_code == 404


def test_comments_of_one_link_are_not_seen_through_another(
    comparison: Comparison, mentor: Client
) -> None:
    first, second = share(comparison), share(comparison)
    comment_on(mentor, first)

    assert "Ask for more." in mentor.get(at(first)).text
    assert "Ask for more." not in mentor.get(at(second)).text


def test_form_without_our_stamp_is_sent_once_more_and_loses_nothing(
    comparison: Comparison, mentor: Client
) -> None:
    new, other = share(comparison), share(comparison)

    for stamp in ("", "forged", signing.dumps(other.link.pk, salt="offers.comment-form")):
        answer = comment_on(mentor, new, stamp=stamp)
        assert answer.status_code == 422
        assert "Ask for more." in answer.text
    assert not MentorComment.objects.exists()


def test_link_that_takes_no_comments_takes_none(comparison: Comparison, mentor: Client) -> None:
    new = share(comparison, may_comment=False)
    assert 'name="stamp"' not in mentor.get(at(new)).text

    mentor.post(at(new, "comments"), {"author_name": "Eve", "body": "Hello"})

    assert not MentorComment.objects.exists()


def test_thread_has_an_end(comparison: Comparison, monkeypatch: Any) -> None:
    monkeypatch.setattr("offers.services.sharing.MOST_COMMENTS", 2)
    assert MOST_COMMENTS == 200
    link = share(comparison).link
    for _ in range(2):
        services.leave_comment(link=link, author_name="Grace", anchor="", body="Ask.")

    with pytest.raises(services.TooManyComments):
        services.leave_comment(link=link, author_name="Grace", anchor="", body="Ask.")


@hypothesis_settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    door=st.sampled_from(["comments", "passcode", "links"]),
    typed=st.dictionaries(
        st.sampled_from(
            [
                "author_name",
                "anchor",
                "body",
                "stamp",
                "passcode",
                "label",
                "question",
                "lifetime_days",
                "hidden",
            ]
        ),
        st.text(max_size=50) | st.sampled_from(["\x00", "7", "x" * 5_000, "payouts", "equity"]),
    ),
)
def test_whatever_is_posted_is_answered(
    comparison: Comparison,
    candidate: User,
    client_of: Callable[..., Client],
    monkeypatch: Any,
    door: str,
    typed: dict[str, str],
) -> None:
    monkeypatch.setattr("config.http.is_over_limit", lambda **_: False)
    new = share(comparison, as_of=timezone.now())
    services.revoke_link(link=new.link, as_of=timezone.now()) if door == "links" else None
    address = (
        reverse("offers:share_links", args=[comparison.pk]) if door == "links" else at(new, door)
    )

    answer = client_of(candidate).post(address, typed)

    assert answer.status_code in {200, 302, 404, 422}
    ShareLink.objects.all().delete()


# --- whose they are ----------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["get", "head", "post", "put", "patch", "delete", "options"])
@pytest.mark.parametrize(
    "name", ["share_links", "share_revoke", "share_reply", "share_remove_comment"]
)
def test_stranger_gets_the_answer_of_what_never_was(
    comparison: Comparison,
    stranger: User,
    client_of: Callable[..., Client],
    name: str,
    method: str,
) -> None:
    link = share(comparison).link
    comment = services.leave_comment(link=link, author_name="Grace", anchor="", body="Ask.")
    keys = {"share_links": 1, "share_revoke": 2}.get(name, 3)
    client = client_of(stranger)

    answers = [
        getattr(client, method)(reverse(f"offers:{name}", args=these[:keys]))
        for these in ([comparison.pk, link.pk, comment.pk], [10**6, 10**6, 10**6])
    ]

    assert answers[0].status_code == 404
    assert told(answers[0]) == told(answers[1])
    link.refresh_from_db()
    assert link.revoked_at is None


def test_link_of_another_comparison_is_not_found_through_mine(
    comparison: Comparison, candidate: User, stranger: User, client_of: Callable[..., Client]
) -> None:
    theirs = [
        services.record_offer(owner=stranger, terms=terms, as_of=NOW)
        for terms in (public_terms(), startup_terms())
    ]
    other = services.compare_offers(
        owner=stranger, offers=theirs, name="Theirs", currency="USD", horizon_years=4
    )
    link = share(other).link

    answer = client_of(candidate).post(
        reverse("offers:share_revoke", args=[comparison.pk, link.pk])
    )

    assert answer.status_code == 404
    link.refresh_from_db()
    assert link.revoked_at is None


def test_new_link_is_shown_once(
    comparison: Comparison, candidate: User, client_of: Callable[..., Client]
) -> None:
    owner = client_of(candidate)
    address = reverse("offers:share_links", args=[comparison.pk])

    made = owner.post(address, {"label": "Grace", "lifetime_days": "7", "may_comment": "on"}).text
    found = re.search(r"http://testserver(/s/[\w-]{43}/)", made)

    assert found
    assert Client().get(found[1]).status_code == 200
    assert found[1] not in owner.get(address).text


def test_form_sent_twice_makes_one_link_and_tells_it_again(
    comparison: Comparison, candidate: User, client_of: Callable[..., Client]
) -> None:
    owner = client_of(candidate)
    address = reverse("offers:share_links", args=[comparison.pk])
    nonce = re.search(r'name="nonce" value="([^"]+)"', owner.get(address).text)
    assert nonce
    typed = {"label": "Grace", "lifetime_days": "7", "nonce": nonce[1]}

    told = [re.search(r"/s/[\w-]{43}/", owner.post(address, typed).text) for _ in range(2)]

    assert ShareLink.objects.count() == 1
    assert told[0] is not None
    assert told[1] is not None
    assert told[0][0] == told[1][0]
    services.revoke_link(link=ShareLink.objects.get(), as_of=timezone.now())
    assert owner.post(address, typed).status_code == 302
    assert ShareLink.objects.count() == 1


def test_same_nonce_is_another_token_elsewhere(candidate: User, comparison: Comparison) -> None:
    other = services.compare_offers(
        owner=candidate,
        offers=list(comparison.offers.all()),
        name="Again",
        currency="USD",
        horizon_years=4,
    )

    assert share(comparison, nonce="n").token != share(other, nonce="n").token


def test_comparison_that_lost_its_offers_ends_its_links(
    comparison: Comparison, mentor: Client
) -> None:
    new = share(comparison)
    services.delete_offer(offer=comparison.offers.first())

    answer = mentor.get(at(new))

    assert answer.status_code == 404
    assert answer.content == mentor.get(at("x")).content


def test_secure_cookies_follow_the_settings(comparison: Comparison, mentor: Client) -> None:
    new = share(comparison, passcode="open sesame")

    cookie = mentor.post(at(new, "passcode"), {"passcode": "open sesame"}).cookies["share-pass"]

    assert bool(cookie["secure"]) is settings.SESSION_COOKIE_SECURE
