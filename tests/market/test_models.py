import datetime as dt

import pghistory
import pytest
from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction

from accounts.services import CURATORS, make_curator
from market.models import (
    BenchmarkSnapshot,
    Contribution,
    LadderRung,
    Level,
    LevelLadder,
    Location,
    NetworkDataPoint,
    Observation,
    ObservationEvent,
    TitleRule,
)
from market.services import load_reference
from tests.factories.market import MOMENT, ImportBatchFactory, ObservationFactory, SourceFactory

pytestmark = pytest.mark.django_db


def refused(name):
    return pytest.raises(IntegrityError, match=name)


def test_source_is_fetched_over_https_only():
    with refused("source_fetch_url_is_https"):
        SourceFactory.create(fetch_url="http://example.com/pay.csv")


def test_files_of_a_source_take_turns():
    waiting = ImportBatchFactory.create(state="previewed")

    with refused("import_batch_one_open_per_source"), transaction.atomic():
        ImportBatchFactory.create(source=waiting.source, state="queued")
    assert ImportBatchFactory.create(state="queued").source != waiting.source


def test_row_of_a_source_stands_once():
    row = ObservationFactory.create()

    with refused("observation_once"), transaction.atomic():
        ObservationFactory.create(batch=row.batch, content_hash=row.content_hash)
    again = ObservationFactory.create(batch=row.batch, content_hash=row.content_hash, nth=2)
    assert again.pk != row.pk


def test_doubtful_row_says_why():
    with refused("observation_flag_has_a_reason"):
        ObservationFactory.create(state="flagged")


def test_range_is_not_upside_down():
    with refused("observation_range_is_ordered"):
        ObservationFactory.create(low=2, high=1)


def test_what_counts_is_published_and_neither_doubtful_nor_replaced():
    counted = ObservationFactory.create()
    doubtful = ObservationFactory.create(state="flagged", reasons=["outlier"])
    ObservationFactory.create(state="rejected", reasons=["outlier"])
    ObservationFactory.create(replaced_by=counted.batch)
    ObservationFactory.create(batch=ImportBatchFactory.create(state="previewed"))

    assert list(Observation.objects.counted()) == [counted]
    assert set(Observation.objects.published()) == {counted, doubtful}


def test_review_is_in_the_history_with_who_and_why(candidate):
    row = ObservationFactory.create(state="flagged", reasons=["outlier"])

    with pghistory.context(user=candidate.pk, why="checked with the publisher"):
        Observation.objects.filter(pk=row.pk).update(state="accepted")

    event = ObservationEvent.objects.select_related("pgh_context").get(pgh_obj=row)
    assert event.state == "accepted"
    assert event.pgh_context.metadata == {
        "user": candidate.pk,
        "why": "checked with the publisher",
    }


def test_names_of_a_ladder_and_levels_match_one_to_one():
    meta = LevelLadder.objects.get(key="meta")

    assert {rung.label: rung.level.key for rung in meta.rungs.select_related("level")}["E5"] == "L5"
    with refused("ladder_rung_level_once"), transaction.atomic():
        LadderRung.objects.create(ladder=meta, label="IC5", level=Level.objects.get(key="L5"))
    with refused("ladder_rung_label_once"):
        LadderRung.objects.create(ladder=meta, label="e5", level=Level.objects.get(key="L10"))


def test_only_one_snapshot_is_current_and_it_is_done():
    BenchmarkSnapshot.objects.create(
        state="done", is_current=True, reason="asked", queued_at=MOMENT
    )

    with refused("benchmark_snapshot_one_is_current"), transaction.atomic():
        BenchmarkSnapshot.objects.create(
            state="done", is_current=True, reason="asked", queued_at=MOMENT
        )
    with refused("benchmark_snapshot_current_is_done"):
        BenchmarkSnapshot.objects.create(is_current=True, reason="asked", queued_at=MOMENT)


def contribution(owner, **changes):
    return Contribution.objects.create(
        **{
            "owner": owner,
            "origin": "offer",
            "origin_pk": 1,
            "employer_key": "k",
            "location": Location.objects.get(key="us"),
            "currency": "USD",
            "base": 100_000,
            "observed_date": dt.date(2026, 1, 1),
            "consented_at": MOMENT,
            **changes,
        }
    )


def test_same_offer_is_contributed_once_unless_withdrawn(candidate):
    contribution(candidate, state="withdrawn")
    contribution(candidate)

    with refused("contribution_once_per_origin"):
        contribution(candidate)


def test_contribution_without_an_amount_is_refused(candidate):
    with refused("contribution_says_an_amount"):
        contribution(candidate, base=None)


def test_deleted_account_takes_its_published_contributions_along(candidate):
    given = contribution(candidate, state="published")
    ObservationFactory.create(contribution=given)
    other = ObservationFactory.create()

    candidate.delete()

    assert list(Observation.objects.all()) == [other]


def test_network_point_is_its_owners_alone(candidate, stranger):
    point = NetworkDataPoint.objects.create(
        owner=candidate,
        company_name="Example",
        location=Location.objects.get(key="us"),
        currency="USD",
        base=1,
        observed_date=dt.date(2026, 1, 1),
    )

    assert list(NetworkDataPoint.objects.visible_to(candidate)) == [point]
    assert not NetworkDataPoint.objects.visible_to(stranger).exists()


def test_curators_may_not_see_what_people_were_told():
    make_curator(email="curator@example.com")

    rights = Group.objects.get(name=CURATORS).permissions
    assert rights.filter(codename="change_importbatch").exists()
    assert not rights.filter(codename__endswith="networkdatapoint").exists()


def test_loading_again_keeps_what_curators_changed():
    rule = TitleRule.objects.in_force().first()
    TitleRule.objects.filter(pk=rule.pk).update(note="mine")
    count = TitleRule.objects.count()

    load_reference()

    assert count == TitleRule.objects.count() == 50
    assert TitleRule.objects.get(pk=rule.pk).note == "mine"
    assert {level.key: level.experience for level in Level.objects.all()}["M2"] == "SE"
