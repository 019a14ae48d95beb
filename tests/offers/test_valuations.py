"""Valuations that are owed: claimed once, repeated without harm, never lost."""

import datetime as dt
import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any
from unittest import mock

import numpy as np
import pytest
from django.db import OperationalError
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from config.figures.fields import FigureStatus
from offers import services, tasks
from offers.models import Offer, Valuation
from offers.selectors import Terms
from offers.selectors.readings import reading_cases
from offers.selectors.valuation import fingerprint_of, seed_of, simulate, valuation_inputs
from offers.services import valuations
from tests.factories.terms import exit_scenarios, public_terms, startup_terms

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)
State = Valuation.State


def clock(start: dt.datetime = NOW) -> Callable[[], dt.datetime]:
    """Return a clock that moves a second each time somebody looks."""
    ticks: Iterator[int] = iter(range(10**6))
    return lambda: start + dt.timedelta(seconds=next(ticks))


def owed(owner: User, terms: Terms | None = None) -> Valuation:
    """Record an offer and return the valuation that it is owed."""
    offer = services.record_offer(owner=owner, terms=terms or startup_terms(), as_of=NOW)
    return Valuation.objects.get(revision__offer=offer)


def run(valuation: Valuation) -> bool:
    done = services.run_valuation(valuation_id=valuation.pk, clock=clock())
    valuation.refresh_from_db()
    return done


@pytest.fixture(autouse=True)
def few_paths(settings: Any) -> None:
    settings.VALUATION_PATHS = 20_000


def test_saving_a_revision_owes_a_valuation_and_wakes_a_worker_once_committed(
    candidate: User, django_capture_on_commit_callbacks: Any
) -> None:
    with (
        mock.patch.object(tasks.run_valuation, "delay") as delay,
        django_capture_on_commit_callbacks(execute=True),
    ):
        valuation = owed(candidate)
        delay.assert_not_called()

    assert (valuation.state, valuation.n_paths) == (State.QUEUED, 20_000)
    delay.assert_called_once_with(valuation_id=valuation.pk)


def test_an_absent_broker_never_reaches_the_person_who_saves(
    candidate: User, django_capture_on_commit_callbacks: Any
) -> None:
    with (
        mock.patch.object(tasks.run_valuation, "delay", side_effect=ConnectionError("no broker")),
        django_capture_on_commit_callbacks(execute=True),
    ):
        valuation = owed(candidate)

    assert valuation.state == State.QUEUED


def test_running_twice_changes_nothing_the_second_time(candidate: User) -> None:
    valuation = owed(candidate)

    assert run(valuation) is True
    first = (valuation.results, valuation.finished_at, valuation.attempts)
    assert run(valuation) is False

    assert (valuation.results, valuation.finished_at, valuation.attempts) == first
    assert (valuation.state, valuation.progress, valuation.attempts) == (State.DONE, 100, 1)


def test_the_same_inputs_have_the_same_bytes(candidate: User, stranger: User) -> None:
    mine, theirs = owed(candidate), owed(stranger)

    run(mine)
    run(theirs)

    assert mine.fingerprint == theirs.fingerprint
    assert json.dumps(mine.results) == json.dumps(theirs.results)


def test_new_terms_make_unfinished_work_stale(candidate: User) -> None:
    valuation = owed(candidate)
    revision = valuation.revision
    revision.grants.update(quantity=Decimal(90_000))

    newer = services.request_valuation(revision=revision, as_of=NOW)

    valuation.refresh_from_db()
    assert (valuation.state, newer.state) == (State.STALE, State.QUEUED)
    assert run(valuation) is False


def test_terms_put_back_find_their_finished_answer_again(candidate: User) -> None:
    valuation = owed(candidate)
    run(valuation)
    revision = valuation.revision
    revision.grants.update(quantity=Decimal(90_000))
    services.request_valuation(revision=revision, as_of=NOW)
    revision.grants.update(quantity=Decimal(80_000))

    again = services.request_valuation(revision=revision, as_of=NOW + dt.timedelta(minutes=1))

    assert (again.pk, again.state) == (valuation.pk, State.DONE)
    assert Valuation.objects.latest_first().first() == valuation
    assert not Valuation.objects.pending().exists()


def test_a_worker_that_lost_its_claim_leaves_quietly(candidate: User) -> None:
    valuation = owed(candidate)
    ticks = clock()

    def interrupted() -> dt.datetime:
        # A beat job gave the row to another worker while this one was away.
        Valuation.objects.filter(state=State.RUNNING).update(attempts=7)
        return ticks()

    assert services.run_valuation(valuation_id=valuation.pk, clock=interrupted) is False

    valuation.refresh_from_db()
    assert (valuation.state, valuation.attempts, valuation.results) == (State.RUNNING, 7, None)


def test_a_silent_row_is_given_to_another_worker(candidate: User) -> None:
    valuation = owed(candidate)
    Valuation.objects.update(state=State.RUNNING, attempts=1, heartbeat_at=NOW)

    with mock.patch.object(tasks.run_valuation, "delay") as delay:
        early = services.requeue_lost_valuations(as_of=NOW + valuations.SILENCE)
        late = services.requeue_lost_valuations(
            as_of=NOW + valuations.SILENCE + dt.timedelta(seconds=1)
        )

    assert (early, late) == (0, 1)
    delay.assert_called_once_with(valuation_id=valuation.pk)
    assert run(valuation) is True
    assert valuation.attempts == 2


def test_a_row_whose_message_was_lost_is_woken_again(candidate: User) -> None:
    valuation = owed(candidate)

    with mock.patch.object(tasks.run_valuation, "delay") as delay:
        services.requeue_lost_valuations(as_of=NOW + valuations.UNHEARD + dt.timedelta(seconds=1))

    delay.assert_called_once_with(valuation_id=valuation.pk)


def test_a_row_that_kills_its_workers_is_given_up(candidate: User) -> None:
    valuation = owed(candidate)
    Valuation.objects.update(
        state=State.RUNNING, attempts=valuations.MOST_ATTEMPTS, heartbeat_at=NOW
    )

    services.requeue_lost_valuations(as_of=NOW + dt.timedelta(minutes=5))

    valuation.refresh_from_db()
    assert valuation.state == State.FAILED
    assert "interrupted 5 times" in valuation.last_error
    assert services.retry_valuation(valuation=valuation, as_of=NOW) is True
    assert run(valuation) is True
    assert services.retry_valuation(valuation=valuation, as_of=NOW) is False


def test_a_failure_is_written_on_the_row_without_its_figures(
    candidate: User, caplog: pytest.LogCaptureFixture
) -> None:
    valuation = owed(candidate)
    Valuation.objects.update(inputs={"status": "ready", "kind": "scenarios", "scenarios": [{}]})

    assert run(valuation) is False

    assert valuation.state == State.FAILED
    assert valuation.last_error == "The engine could not work with these figures."
    assert f"valuation {valuation.pk} failed" in caplog.text


def test_a_database_that_goes_away_gives_the_row_back(candidate: User) -> None:
    valuation = owed(candidate)

    with (
        mock.patch.object(valuations, "simulate", side_effect=OperationalError),
        pytest.raises(OperationalError),
    ):
        services.run_valuation(valuation_id=valuation.pk, clock=clock())

    valuation.refresh_from_db()
    assert valuation.state == State.QUEUED


def test_the_task_calls_the_service_and_is_harmless_twice(candidate: User) -> None:
    valuation = owed(candidate)

    tasks.run_valuation(valuation_id=valuation.pk)
    tasks.run_valuation(valuation_id=valuation.pk)
    tasks.requeue_valuations()
    tasks.expire_offers()

    valuation.refresh_from_db()
    assert (valuation.state, valuation.attempts) == (State.DONE, 1)


def test_simulated_scenarios_agree_with_their_odds(candidate: User) -> None:
    terms = startup_terms(exit_scenarios=exit_scenarios())
    inputs = valuation_inputs(terms)

    *_, (_, results) = simulate(inputs, seed=7, n_paths=40_000)

    assert results is not None
    low = results["low"]
    good = 80_000 * (90_040_000 / 12e6 - 0.5)
    assert abs(low["mean"] - good / 2) < 4 * low["standard_error"]
    assert abs(low["probability_of_nothing"] - 0.5) < 4 * (0.25 / 40_000) ** 0.5
    assert "high" not in results


def test_simulated_multiples_agree_with_the_closed_form() -> None:
    from offers.selectors.valuation import _cases  # noqa: PLC0415 -- the law is about its insides
    from offers.valuation import expected_payoff  # noqa: PLC0415

    terms = startup_terms(stock_classes=[])
    terms.cap_table.stock_classes_status = FigureStatus.NOT_ASKED
    inputs = valuation_inputs(terms)

    *_, (_, results) = simulate(inputs, seed=7, n_paths=40_000)

    assert results is not None
    for side, (payoff, distribution) in _cases(inputs).items():
        exact = expected_payoff(payoff, distribution)
        assert abs(results[side]["mean"] - exact) < 4 * results[side]["standard_error"]
    assert results["low"]["mean"] < results["high"]["mean"]
    assert np.all(np.array(results["low"]["dots"]) <= np.array(results["high"]["dots"]))


def test_progress_rises_and_ends_at_a_hundred() -> None:
    steps = list(simulate(valuation_inputs(public_terms()), seed=1, n_paths=2_000))

    progress = [percent for percent, _ in steps]
    assert progress == sorted(progress)
    assert (progress[0], progress[-1]) == (5, 100)
    assert [results is None for _, results in steps] == [True] * (len(steps) - 1) + [False]


def unsized_terms() -> Terms:
    terms = startup_terms()
    terms.grants[0].quantity = None
    return terms


def test_what_a_company_did_not_tell_is_drawn_from_priors() -> None:
    """With the exercise price alone, every reading of the company is drawn by its weight."""
    inputs = valuation_inputs(startup_terms(cap_table=None, stock_classes=[]))

    *steps, (_, results) = simulate(inputs, seed=7, n_paths=40_000)

    assert (inputs["status"], inputs["kind"]) == ("ready", "readings")
    assert results is not None
    assert results["is_drawn_from_priors"] is True
    exact = sum(case.weight * case.mean for case in reading_cases(inputs["readings"], rate=1.0))
    assert abs(results["low"]["mean"] - exact) < 4 * results["low"]["standard_error"]
    assert len(results["low"]["dots"]) == 20
    assert len(steps) == 20


@pytest.mark.parametrize(
    ("terms", "expected"),
    [
        (lambda: public_terms(grants=[]), {"status": "no_equity"}),
        (unsized_terms, {"status": "needs", "missing": ["quantity"]}),
    ],
)
def test_what_cannot_be_simulated_says_what_it_needs(
    terms: Callable[[], Terms], expected: dict[str, Any]
) -> None:
    inputs = valuation_inputs(terms())

    assert {key: inputs[key] for key in expected} == expected
    *_, (_, results) = simulate(inputs, seed=1, n_paths=2_000)
    assert results is not None
    assert {key: results[key] for key in ("status", "missing")} == {
        "status": expected["status"],
        "missing": expected.get("missing", []),
    }
    assert "low" not in results


@given(changed=st.sampled_from(["seed", "engine", "horizon"]))
def test_fingerprint_covers_the_inputs_and_the_engine(changed: str) -> None:
    inputs = {"status": "ready", "horizon_years": 4}
    base = fingerprint_of(inputs, engine_version="1")

    other = {
        "seed": base,
        "engine": fingerprint_of(inputs, engine_version="2"),
        "horizon": fingerprint_of(inputs | {"horizon_years": 5}, engine_version="1"),
    }[changed]

    assert (other == base) == (changed == "seed")
    assert 0 <= seed_of(other) < 2**60


def test_a_deleted_offer_takes_its_owed_work_along(candidate: User) -> None:
    valuation = owed(candidate)
    services.delete_offer(offer=Offer.objects.get())

    assert services.run_valuation(valuation_id=valuation.pk, clock=clock()) is False
