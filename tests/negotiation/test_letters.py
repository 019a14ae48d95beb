"""A new letter against the ledger, before it is saved: kept, missing, worse."""

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from negotiation import selectors as talks
from negotiation import services as talk_services
from negotiation.models import Commitment
from negotiation.selectors.letters import letter_ledger
from offers import services
from offers.models import Offer, OfferRevision
from tests.factories.letters import NOW, read_letter
from tests.factories.terms import startup_terms

pytestmark = pytest.mark.django_db


@pytest.fixture
def offer(candidate) -> Offer:
    return services.record_offer(owner=candidate, terms=startup_terms(), as_of=NOW)


@pytest.fixture
def talk(offer, candidate):
    talk_services.open_negotiation(offer=offer, as_of=timezone.now())
    return talks.talk_of(candidate, offer.pk)


def promise(talk, component, term, **figures):
    return Commitment.objects.create(
        negotiation=talk,
        component=component,
        term=term,
        said_by="Petra",
        said_date=dt.date(2026, 1, 12),
        **figures,
    )


def test_a_letter_keeps_some_promises_and_leaves_others_verbal(candidate, offer, talk):
    promise(talk, "base", "at least 190", amount=Decimal(190_000))
    promise(talk, "sign_on", "fifty on signing", amount=Decimal(50_000))
    promise(talk, "equity", "2,300 units", quantity=Decimal(2_300))
    promise(talk, "benefit", "four weeks from abroad")
    letter = read_letter(candidate, "14", offer=offer)

    ledger = letter_ledger(letter, offer, talk, today=dt.date(2026, 1, 15))

    assert [row.commitment.component for row in ledger.present] == ["base", "equity"]
    assert [row.commitment.component for row in ledger.missing] == ["sign_on", "benefit"]
    assert [row.letter_amount for row in ledger.promises] == [196_000, 30_000, 2_350, None]
    # The letter grants fewer units than the terms on record.
    assert any("units" in row.change.label for row in ledger.worse)
    assert not any("Base salary" in row.change.label for row in ledger.worse)
    # Nothing was saved on the way.
    assert OfferRevision.objects.count() == 1
    assert Commitment.objects.filter(state="verbal").count() == 4


def test_the_page_says_what_is_still_only_verbal(client_of, candidate, offer, talk):
    promise(talk, "sign_on", "fifty on signing", amount=Decimal(50_000))
    letter = read_letter(candidate, "14", offer=offer)
    client = client_of(candidate)
    url = reverse("negotiation:letter_promises", args=[letter.pk])

    page = client.get(url)
    part = client.get(url, headers={"HX-Request": "true", "HX-Target": "letter-promises"})
    changes = client.get(reverse("offers:letter_changes", args=[letter.pk]))

    for answer in (page, part):
        assert "1 promise still only verbal." in answer.text
        assert "Still only verbal" in answer.text
        assert "$30,000" in answer.text
    assert "<html" in page.text
    assert "<html" not in part.text
    assert f'hx-get="{url}"' in changes.text


def test_an_offer_without_a_talk_has_no_promise_and_a_strangers_letter_is_a_404(
    client_of, candidate, stranger, offer
):
    letter = read_letter(candidate, "14", offer=offer)
    loose = read_letter(candidate, "01")
    url = reverse("negotiation:letter_promises", args=[letter.pk])

    assert "No promise is open." in client_of(candidate).get(url).text
    assert client_of(stranger).get(url).status_code == 404
    loose_url = reverse("negotiation:letter_promises", args=[loose.pk])
    assert client_of(candidate).get(loose_url).status_code == 404
