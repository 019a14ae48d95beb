"""Evidence taken from benchmarks follows newer ones, until the other side has heard it."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from market.selectors import followers
from negotiation import services, tasks
from negotiation.models import Evidence, Negotiation
from negotiation.services import content
from offers import services as offer_services
from tests.factories.negotiation import NOW, EvidenceFactory, offer_of
from tests.offers.test_market import publish, spread, terms

pytestmark = pytest.mark.django_db


def talk_about(owner, made=None):
    talk = services.open_negotiation(offer=offer_of(owner, made or terms()), as_of=NOW)
    services.take_benchmark(talk=talk)
    return talk


def base_of(talk):
    return talk.evidence.get(component="base")


def publish_higher():
    """Publish as many figures again, 40,000 higher: the median of all is 240,000."""
    return publish(*({**row, "usd": row["usd"] + 40_000} for row in spread()))


def ask_for_more(talk):
    wanted = services.WantedAsk(component="base", current_amount=210_000, amount=225_000)
    services.prepare_asks(talk=talk, wanted=[wanted], as_of=NOW)


@pytest.fixture
def talk(candidate):
    publish(*spread())
    return talk_about(candidate)


def test_evidence_is_read_again_from_new_benchmarks(talk) -> None:
    first = base_of(talk)
    new = publish_higher()

    assert services.follow_benchmarks(as_of=NOW) == 0

    row = base_of(talk)
    assert row.pk == first.pk
    assert (first.median, row.median, row.median_before) == (220_000, 240_000, 220_000)
    assert (row.sample_size, row.snapshot_number, row.checked_at) == (82, new.pk, NOW)


def test_a_script_speaks_by_the_benchmarks_in_force(client_of, talk) -> None:
    content.load_content()
    Negotiation.objects.update(own_words={"team_reason": "the work your team showed me"})
    ask_for_more(talk)
    client = client_of(talk.offer.owner)
    address = reverse("negotiation:script", args=[talk.offer_id, "s10"])
    _, email = client.get(address).context["sheets"]
    assert "$230,000" in email.text
    client.post(address, {"channel": "email", "text": email.text, "action": "check"})
    publish_higher()

    tasks.follow_benchmarks()

    _, email = client.get(address).context["sheets"]
    # Of the 82 figures: k = 0.25 x 81 = 20.25, and 0.75 x 81 = 60.75.
    assert "$220,250" in email.draft.body
    assert "$259,750" in email.draft.body
    assert "$230,000" not in email.draft.body
    # What was typed is the user's own; what no record holds any more is pointed out.
    assert (email.is_kept, "$230,000" in email.text) == (True, True)
    assert "$230,000" in {remark.words for remark in email.checked.remarks}


def test_the_ask_shows_what_the_benchmarks_said_before(client_of, talk) -> None:
    publish_higher()
    services.follow_benchmarks(as_of=NOW)

    page = client_of(talk.offer.owner).get(reverse("negotiation:ask_builder", args=[talk.offer_id]))

    assert '$240,000<span class="sub">$220,000 by the benchmarks before</span>' in page.text


def test_what_they_heard_stays_as_it_stood(talk) -> None:
    ask_for_more(talk)
    services.put_asks(talk=talk, channel="call", as_of=NOW)
    publish_higher()

    assert services.follow_benchmarks(as_of=NOW) == 0
    assert (base_of(talk).median, base_of(talk).checked_at) == (220_000, None)


def test_a_talk_that_is_over_owes_nothing(talk) -> None:
    offer_services.move_offer(offer=talk.offer, to="declined", as_of=NOW)
    publish_higher()

    services.follow_benchmarks(as_of=NOW)

    assert base_of(talk).median == 220_000


def test_what_a_person_typed_is_never_touched(candidate) -> None:
    publish(*spread())
    talk = services.open_negotiation(offer=offer_of(candidate, terms()), as_of=NOW)
    row = EvidenceFactory.create(negotiation=talk, component="base")

    services.follow_benchmarks(as_of=NOW)

    row.refresh_from_db()
    assert (row.median, row.checked_at) == (220_000, None)


def test_where_nothing_is_published_any_more_the_row_says_so(talk) -> None:
    offer = talk.offer
    offer.level = None
    offer.save()
    publish_higher()

    for _ in range(2):
        Evidence.objects.update(snapshot_number=None)
        services.follow_benchmarks(as_of=NOW)

    row = base_of(talk)
    assert row.median == 220_000
    [said] = [caution for caution in row.cautions if "publish nothing" in caution]
    assert said == "The newest benchmarks publish nothing comparable; these figures are older."


def named(number):
    made = terms()
    made.company.name = f"Company {number}"
    return made


def test_talks_follow_in_batches_and_the_bench_counts_what_is_owed(candidate) -> None:
    publish(*spread())
    for number in range(3):
        talk_about(candidate, named(number))
    now = timezone.now()

    def told(as_of=now):
        [found] = [each for each in followers(as_of=as_of) if "scripts" in each.label]
        return found

    n_rows = Evidence.objects.count()
    assert (told().n_rows, told().n_owed, told().owed_since) == (n_rows, 0, None)
    new = publish_higher()
    assert (told().n_owed, told().is_stuck) == (n_rows, False)
    assert told().owed_since >= new.finished_at
    late = told(as_of=timezone.now() + dt.timedelta(minutes=11))
    assert late.is_stuck

    assert services.follow_benchmarks(as_of=now, n_at_once=1) == n_rows * 2 // 3
    assert services.follow_benchmarks(as_of=now, n_at_once=2) == 0
    assert (told().n_owed, told().n_lately) == (0, n_rows)


def test_a_batch_asks_as_many_queries_for_any_number(candidate) -> None:
    publish(*spread())
    counts = []
    for number in range(3):
        talk_about(candidate, named(number))
        Evidence.objects.update(snapshot_number=None)
        with CaptureQueriesContext(connection) as queries:
            services.follow_benchmarks(as_of=NOW)
        counts.append(len(queries))

    assert Negotiation.objects.count() == 3
    assert len(set(counts)) == 1


def test_following_twice_changes_nothing_the_second_time(talk) -> None:
    publish_higher()
    services.follow_benchmarks(as_of=NOW)
    first = list(Evidence.objects.order_by("pk").values())

    services.follow_benchmarks(as_of=NOW + dt.timedelta(hours=1))

    assert list(Evidence.objects.order_by("pk").values()) == first
