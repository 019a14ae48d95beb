"""All offers of a comparison valued together in the worker, and again when the market changes."""

import datetime as dt
import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any
from unittest import mock

import pytest
from django.db import OperationalError

from accounts.models import User
from config.figures.fields import FigureStatus
from market.models import TermPrior, VolatilityPrior
from market.selectors import market_version, priors, rate_table
from market.services import load_reference
from offers import services, tasks
from offers.models import Comparison, ComparisonValuation, Offer, Reevaluation, Valuation
from offers.selectors import Terms
from offers.selectors.joint import inputs_of, simulate_jointly
from offers.services import valuations
from tests.factories.terms import exit_scenarios, public_terms, startup_terms

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)
State = ComparisonValuation.State


def clock(start: dt.datetime = NOW) -> Callable[[], dt.datetime]:
    ticks: Iterator[int] = iter(range(10**6))
    return lambda: start + dt.timedelta(seconds=next(ticks))


@pytest.fixture(autouse=True)
def few_paths(settings: Any) -> None:
    settings.VALUATION_PATHS = 20_000


def silent_startup() -> Terms:
    terms = startup_terms(stock_classes=[])
    assert terms.cap_table is not None
    terms.cap_table.stock_classes_status = FigureStatus.REFUSED
    terms.company.name = "Cinder Labs"
    return terms


@pytest.fixture
def offers(candidate: User) -> list[Offer]:
    return [
        services.record_offer(owner=candidate, terms=terms, as_of=NOW)
        for terms in (
            public_terms(),
            startup_terms(exit_scenarios=exit_scenarios()),
            silent_startup(),
        )
    ]


@pytest.fixture
def comparison(candidate: User, offers: list[Offer]) -> Comparison:
    return services.compare_offers(
        owner=candidate, offers=offers, name="Mine", currency="USD", horizon_years=4
    )


def owed(comparison: Comparison) -> ComparisonValuation:
    found = comparison.valuations.latest_first().first()
    assert found is not None
    return found


def run(valuation: ComparisonValuation) -> bool:
    done = services.run_joint_valuation(valuation_id=valuation.pk, clock=clock())
    valuation.refresh_from_db()
    return done


def results_of(*offers: Terms, n_paths: int = 40_000, **changes: Any) -> dict[str, Any]:
    inputs = inputs_of(
        offers,
        **{
            "currency": "USD",
            "horizon_years": 4,
            "discount_rate": Decimal(0),
            "rates": rate_table(),
            "known": priors(),
        }
        | changes,
    )
    *_, (_, results) = simulate_jointly(inputs, seed=7, n_paths=n_paths)
    assert results is not None
    return results


# --- what it says --------------------------------------------------------------------------------


def test_simulated_means_agree_with_the_closed_form_of_every_offer() -> None:
    results = results_of(
        public_terms(), startup_terms(exit_scenarios=exit_scenarios()), silent_startup()
    )

    for each in results["offers"]:
        assert abs(each["mean"] - each["range"]["mean"]) < 4 * each["standard_error"]
        assert len(each["dots"]) == 20
        assert each["range"]["low"] <= each["range"]["mean"] <= each["range"]["high"]
        value, error = each["certainty_equivalents"]["balanced"]
        assert value < each["mean"]
        assert error > 0.0
    listed, known, silent = results["offers"]
    assert listed["range"]["low"] == pytest.approx(200_000 * 4 + 40_000 + 400_000)
    good = 80_000 * (90_040_000 / 12e6 - 0.5)
    assert known["range"]["low"] == pytest.approx(160_000 * 4 + good / 2)
    assert known["range"]["low"] == known["range"]["high"]
    assert silent["range"]["low"] < silent["range"]["high"]
    nothing, error = known["probability_of_nothing"]
    assert abs(nothing - 0.5) < 4 * error


def test_chances_can_be_counted_where_outcomes_can() -> None:
    """The start-up is ahead of a certain 900,000 in its good sale only, with odds of a half."""
    certain = public_terms(grants=[], payments=[])
    certain.revision.base_salary = Decimal(225_000)
    results = results_of(startup_terms(exit_scenarios=exit_scenarios()), certain)

    value, error = results["offers"][0]["beats"][1]
    assert abs(value - 0.5) < 4 * error
    assert results["offers"][1]["beats"][0][0] == pytest.approx(1 - value)
    assert results["offers"][0]["is_too_close"] == [True, False]
    assert results["questions"] == []


def test_ranges_that_meet_are_too_close_to_call_and_the_question_says_what_decides() -> None:
    middle = results_of(silent_startup(), public_terms(grants=[], payments=[]))["offers"][0][
        "range"
    ]
    certain = public_terms(grants=[], payments=[])
    certain.revision.base_salary = Decimal(str(round((middle["low"] + middle["high"]) / 8, 2)))

    results = results_of(silent_startup(), certain)

    assert results["offers"][0]["is_too_close"][1] is True
    (question,) = results["questions"]
    assert (question["offer"], question["code"]) == (0, "stock_classes")
    assert question["chance_of_new_order"] > 0.0
    assert question["narrowing"] == pytest.approx(middle["high"] - middle["low"], rel=1e-6)


def test_an_offer_that_lacks_something_stands_aside() -> None:
    unpaid = startup_terms()
    unpaid.revision.base_salary = None
    unsized = startup_terms()
    unsized.grants[0].quantity = None
    unpriced = public_terms()
    unpriced.company.share_price = None

    results = results_of(public_terms(), unpaid, unsized, unpriced, startup_terms())

    assert [each["missing"] for each in results["offers"]] == [
        [],
        ["base_salary"],
        ["quantity"],
        ["share_price"],
        [],
    ]
    assert results["offers"][0]["beats"][1:4] == [None, None, None]
    assert results["offers"][4]["is_too_close"][0] in (True, False)


def test_without_a_second_offer_there_is_nothing_to_compare() -> None:
    unpaid = startup_terms()
    unpaid.revision.base_salary = None

    results = results_of(public_terms(), unpaid)

    assert results == {
        "status": "needs",
        "offers": [
            {"offer": None, "missing": []},
            {"offer": None, "missing": ["base_salary"]},
        ],
    }


def test_another_currency_scales_everything() -> None:
    dollars = results_of(public_terms(), startup_terms())
    pounds = results_of(public_terms(), startup_terms(), currency="GBP")

    conversion = rate_table().conversion("USD", "GBP")
    assert conversion is not None
    for one, other in zip(dollars["offers"], pounds["offers"], strict=True):
        assert other["mean"] == pytest.approx(one["mean"] * float(conversion.rate))
        assert other["beats"] == one["beats"]


def test_discounting_makes_pay_worth_less_and_leaves_private_stock() -> None:
    plain, later = (
        results_of(public_terms(), startup_terms(), discount_rate=Decimal(rate))
        for rate in ("0", "0.1")
    )

    for one, other in zip(plain["offers"], later["offers"], strict=True):
        assert other["mean"] < one["mean"]
    fixed = sum(160_000 / 1.1**year for year in range(1, 5))
    gap = plain["offers"][1]["mean"] - later["offers"][1]["mean"]
    assert gap == pytest.approx(640_000 - fixed)


# --- the row -------------------------------------------------------------------------------------


def test_comparing_offers_owes_a_valuation_and_wakes_a_worker(
    candidate: User, offers: list[Offer], django_capture_on_commit_callbacks: Any
) -> None:
    with (
        mock.patch.object(tasks.run_joint_valuation, "delay") as delay,
        django_capture_on_commit_callbacks(execute=True),
    ):
        comparison = services.compare_offers(
            owner=candidate, offers=offers, name="Mine", currency="USD", horizon_years=4
        )

    valuation = owed(comparison)
    assert (valuation.state, valuation.n_paths) == (State.QUEUED, 20_000)
    delay.assert_called_once_with(valuation_id=valuation.pk)


def test_running_twice_changes_nothing_and_the_bytes_are_the_same(comparison: Comparison) -> None:
    valuation = owed(comparison)

    assert run(valuation) is True
    first = json.dumps(valuation.results)
    assert run(valuation) is False
    ComparisonValuation.objects.update(state=State.QUEUED, results=None)
    assert run(valuation) is True

    assert json.dumps(valuation.results) == first
    assert (valuation.progress, valuation.attempts) == (100, 2)


def test_new_terms_assumptions_and_places_owe_a_new_one(
    comparison: Comparison, offers: list[Offer]
) -> None:
    first = owed(comparison)
    revision = offers[1].revisions.get()
    revision.grants.update(quantity=Decimal(90_000))
    services.request_valuation(revision=revision, as_of=NOW + dt.timedelta(days=9))
    second = owed(comparison)
    services.change_assumptions(
        comparison=comparison,
        name="Mine",
        currency="USD",
        horizon_years=3,
        discount_rate=Decimal(0),
    )
    third = comparison.valuations.exclude(pk__in=[first.pk, second.pk]).get()
    services.arrange_comparison(comparison=comparison, offers=offers[:2])

    assert comparison.valuations.count() == 4
    first.refresh_from_db()
    third.refresh_from_db()
    assert (first.state, third.state) == (State.STALE, State.STALE)


def test_deleting_an_offer_owes_a_new_one_while_two_are_left(
    comparison: Comparison, offers: list[Offer]
) -> None:
    services.delete_offer(offer=offers[0])
    assert [each["offer"] for each in owed(comparison).inputs["offers"]] == [
        offers[1].pk,
        offers[2].pk,
    ]
    assert comparison.valuations.count() == 2

    services.delete_offer(offer=offers[1])
    assert comparison.valuations.count() == 2


def test_a_failure_is_written_and_can_be_tried_again(
    comparison: Comparison, caplog: pytest.LogCaptureFixture
) -> None:
    valuation = owed(comparison)
    good = valuation.inputs
    ComparisonValuation.objects.update(inputs={"status": "ready", "offers": [{}]})

    assert run(valuation) is False
    assert valuation.state == State.FAILED
    assert f"comparison valuation {valuation.pk} failed" in caplog.text

    ComparisonValuation.objects.update(inputs=good)
    assert services.retry_joint_valuation(valuation=valuation, as_of=NOW) is True
    assert services.retry_joint_valuation(valuation=valuation, as_of=NOW) is False
    assert run(valuation) is True


def test_a_lost_message_and_a_killed_worker_lose_nothing(comparison: Comparison) -> None:
    valuation = owed(comparison)
    Valuation.objects.all().delete()
    ComparisonValuation.objects.update(state=State.RUNNING, attempts=1, heartbeat_at=NOW)

    with mock.patch.object(tasks.run_joint_valuation, "delay") as delay:
        late = services.requeue_lost_valuations(as_of=NOW + dt.timedelta(minutes=5))

    assert late == 1
    delay.assert_called_once_with(valuation_id=valuation.pk)
    tasks.run_joint_valuation(valuation_id=valuation.pk)
    tasks.run_batch_joint_valuation(valuation_id=valuation.pk)
    valuation.refresh_from_db()
    assert (valuation.state, valuation.attempts) == (State.DONE, 2)


def test_a_database_that_goes_away_gives_the_row_back(comparison: Comparison) -> None:
    valuation = owed(comparison)

    with (
        mock.patch.object(valuations, "simulate_jointly", side_effect=OperationalError),
        pytest.raises(OperationalError),
    ):
        services.run_joint_valuation(valuation_id=valuation.pk, clock=clock())

    valuation.refresh_from_db()
    assert valuation.state == State.QUEUED


def test_a_stranger_sees_no_valuation(comparison: Comparison, stranger: User) -> None:
    assert ComparisonValuation.objects.visible_to(comparison.owner).count() == 1
    assert not ComparisonValuation.objects.visible_to(stranger).exists()


# --- when the market changes ---------------------------------------------------------------------


def finish_all() -> None:
    for row in Valuation.objects.filter(state=State.QUEUED):
        services.run_valuation(valuation_id=row.pk, clock=clock())
    for row in ComparisonValuation.objects.filter(state=State.QUEUED):
        services.run_joint_valuation(valuation_id=row.pk, clock=clock())


def test_the_market_version_follows_values_and_not_their_loading() -> None:
    before = market_version()

    load_reference()
    assert market_version() == before

    VolatilityPrior.objects.filter(key="public-share").update(volatility="0.5")
    assert market_version() != before


def test_a_changed_prior_values_again_what_it_affects_and_nothing_else(
    comparison: Comparison,
) -> None:
    finish_all()
    assert services.reevaluate(as_of=NOW) == 0
    assert not Reevaluation.objects.exists()
    # The listed offer, and the comparison it stands in, depend on it; the start-ups do not.
    VolatilityPrior.objects.filter(key="public-share").update(volatility="0.5")

    with mock.patch.object(tasks.run_batch_valuation, "delay_on_commit") as delay:
        left = services.reevaluate(as_of=NOW, n_at_once=2)

        assert left == 2
        part = Reevaluation.objects.get()
        assert (part.n_valuations, part.n_checked, part.finished_at) == (4, 2, None)
        assert part.percent == 50
        assert Valuation.objects.filter(is_to_be_checked=True).count() == 1
        assert services.reevaluate(as_of=NOW, n_at_once=9) == 0

    done = Reevaluation.objects.get()
    assert (done.n_checked, done.n_queued, done.finished_at) == (4, 2, NOW)
    (queued,) = Valuation.objects.filter(state=State.QUEUED)
    assert queued.is_in_batch
    assert queued.revision.offer.company.is_public
    delay.assert_called_once_with(valuation_id=queued.pk)
    assert ComparisonValuation.objects.filter(state=State.QUEUED, is_in_batch=True).count() == 1
    assert services.reevaluate(as_of=NOW) == 0
    assert Reevaluation.objects.count() == 1


def test_a_second_change_begins_the_pass_again(comparison: Comparison) -> None:
    finish_all()
    VolatilityPrior.objects.filter(key="public-share").update(volatility="0.5")
    services.reevaluate(as_of=NOW, n_at_once=1)
    TermPrior.objects.filter(key="sector_correlation").update(value="0.4")

    services.reevaluate(as_of=NOW + dt.timedelta(minutes=1), n_at_once=1)

    first, second = Reevaluation.objects.order_by("pk")
    assert first.finished_at == NOW + dt.timedelta(minutes=1)
    assert second.finished_at is None
    assert second.n_valuations >= 4


def test_what_a_person_asks_for_leaves_the_batch(comparison: Comparison) -> None:
    finish_all()
    VolatilityPrior.objects.filter(key="public-share").update(volatility="0.5")
    services.reevaluate(as_of=NOW)
    (queued,) = Valuation.objects.filter(state=State.QUEUED)
    assert queued.is_in_batch

    again = services.request_valuation(revision=queued.revision, as_of=NOW)

    assert (again.pk, again.is_in_batch, again.state) == (queued.pk, False, State.QUEUED)


def test_the_task_comes_again_until_nothing_is_left(comparison: Comparison) -> None:
    finish_all()
    VolatilityPrior.objects.filter(key="public-share").update(volatility="0.5")

    with (
        mock.patch.object(services, "reevaluate", side_effect=[3, 0]) as work,
        mock.patch.object(tasks.reevaluate, "delay") as delay,
    ):
        tasks.reevaluate()
        tasks.reevaluate()

    assert work.call_count == 2
    delay.assert_called_once_with()


def test_a_person_is_served_before_any_batch(settings: Any) -> None:
    names = list(settings.CELERY_TASK_QUEUE_NAMES)

    assert names[0] == settings.CELERY_TASK_ROUTES["offers.*"]["queue"]
    assert names[-1] == settings.CELERY_TASK_ROUTES["batch.*"]["queue"]
    assert settings.CELERY_BROKER_TRANSPORT_OPTIONS["queue_order_strategy"] == "priority"
    for task in (tasks.run_batch_valuation, tasks.run_batch_joint_valuation, tasks.reevaluate):
        assert task.name.startswith("batch.")
    for task in (tasks.run_valuation, tasks.run_joint_valuation):
        assert task.name.startswith("offers.")
