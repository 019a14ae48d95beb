import datetime as dt
from decimal import Decimal

import pytest
from django.core import mail
from django.utils import timezone

from market.models import Contribution, Level, NetworkDataPoint, RoleFamily
from market.services import NotOfferable
from negotiation import services, tasks
from negotiation.models import Ask, Commitment, Negotiation, Reminder
from negotiation.selectors import ledger, position_of, talk_of, workspace
from negotiation.selectors.stages import Stage
from offers import services as offer_services
from offers.models import CashPayment, Company, EquityGrant, Offer, OfferRevision
from offers.selectors import Terms, terms_of
from tests.factories.negotiation import NOW, EvidenceFactory, current_revision, offer_of
from tests.factories.terms import public_terms, startup_terms

HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)


def verbal(terms):
    terms.revision.source = OfferRevision.Source.VERBAL
    return terms


def next_terms(offer, *, base=None, sign_on=None, quantity=None, source="written"):
    """Return the offer's terms as another letter would state them."""
    current = terms_of(OfferRevision.objects.current().with_terms().get(offer=offer))
    revision = OfferRevision(
        source=source,
        stated_date=NOW.date(),
        currency=current.revision.currency,
        base_salary=base or current.revision.base_salary,
        bonus_basis=current.revision.bonus_basis,
    )
    grants = [
        EquityGrant(
            compensation_type=grant.compensation_type,
            quantity=quantity or grant.quantity,
            exercise_price=grant.exercise_price,
            cliff_months=grant.cliff_months,
            is_vesting_confirmed=True,
            acceleration=grant.acceleration,
        )
        for grant in current.grants
    ]
    payments = [
        CashPayment(amount=sign_on or payment.amount, is_repayment_stated=True)
        for payment in current.payments
    ] or ([CashPayment(amount=sign_on)] if sign_on else [])
    return Terms(
        company=current.company,
        offer=current.offer,
        revision=revision,
        grants=grants,
        payments=payments,
        cap_table=current.cap_table,
        stock_classes=current.stock_classes,
        exit_scenarios=current.exit_scenarios,
    )


def new_letter(offer, **figures):
    return offer_services.revise_offer(
        offer=offer, terms=next_terms(offer, **figures), as_of=NOW + 3 * DAY
    )


def page(talk, now=NOW):
    talk = talk_of(talk.offer.owner, talk.offer_id)
    window = services.window_of(talk, as_of=now)
    return workspace(position_of(talk, horizon_years=4, now=now), window=window)


def rival_of(owner, *, source="written", state=None, name="Cedar Labs", due=None):
    company = Company(
        name=name, kind="big_tech", stage=public_terms().company.stage, is_public=True
    )
    terms = public_terms(company=company)
    terms.revision.source = source
    terms.revision.base_salary = Decimal(230_000)
    if due is not None:
        terms.offer.respond_by_date, terms.offer.is_respond_by_stated = due, True
    rival = offer_of(owner, terms)
    if state is not None:
        offer_services.move_offer(offer=rival, to=state, as_of=NOW)
    return rival


@pytest.fixture
def talk(candidate):
    return services.open_negotiation(offer=offer_of(candidate), as_of=NOW)


@pytest.fixture
def asked(talk):
    """A talk in which a higher base was put."""
    EvidenceFactory.create(negotiation=talk, component="base")
    services.prepare_asks(
        talk=talk,
        wanted=[
            services.WantedAsk(
                component="base", current_amount=Decimal(200_000), amount=Decimal(225_000)
            )
        ],
        as_of=NOW,
    )
    services.put_asks(talk=talk, channel="call", as_of=NOW)
    return talk


# --- the way from a verbal offer to the first day ------------------------------------------------


def test_talk_walks_every_stage(candidate):
    offer = offer_of(candidate, verbal(public_terms()))
    talk = services.open_negotiation(offer=offer, as_of=NOW)
    seen = [page(talk).stage]

    def look():
        seen.append(page(talk).stage)

    services.note_event(talk=talk, kind="letter_asked", happened_at=NOW)
    look()
    new_letter(offer)
    talk.refresh_from_db()
    look()
    services.catch_up(talk=talk, as_of=NOW)
    services.note_event(talk=talk, kind="acknowledged", happened_at=NOW)
    look()
    EvidenceFactory.create(negotiation=talk, component="base")
    wanted = [services.WantedAsk(component="base", amount=Decimal(225_000))]
    services.prepare_asks(talk=talk, wanted=wanted, as_of=NOW)
    look()
    services.put_asks(talk=talk, channel="call", as_of=NOW)
    look()
    services.log_call(
        talk=talk,
        channel="call",
        held_at=NOW,
        person="Robin",
        mood="",
        notes="",
        open_points=[],
        next_step="",
        follow_up_date=None,
        promises=[{"component": "base", "term": "Base", "amount": Decimal(220_000)}],
    )
    look()
    services.note_event(talk=talk, kind="follow_up_sent", happened_at=NOW)
    look()
    new_letter(offer, base=Decimal(220_000))
    look()
    assert services.settle_ledger(talk=talk, as_of=NOW) == 1
    look()
    services.accept_offer(
        talk=talk,
        confirmed=[],
        note="",
        signed_date=NOW.date(),
        also_decline=[],
        as_of=NOW,
    )
    look()
    services.start_work(talk=talk, as_of=NOW)
    look()

    assert seen == [
        Stage.VERBAL,
        Stage.LETTER_ASKED,
        Stage.LETTER_RECEIVED,
        Stage.PREPARING,
        Stage.CALL,
        Stage.CALL,
        Stage.FOLLOW_UP,
        Stage.WAITING,
        Stage.REVISED,
        Stage.DECIDING,
        Stage.ACCEPTED,
        Stage.STARTED,
    ]


def test_nothing_is_asked_for_before_the_letter(candidate):
    talk = services.open_negotiation(offer=offer_of(candidate, verbal(public_terms())), as_of=NOW)
    wanted = [services.WantedAsk(component="base", amount=Decimal(1))]

    with pytest.raises(services.NothingBeforeTheLetter):
        services.prepare_asks(talk=talk, wanted=wanted, as_of=NOW)
    with pytest.raises(services.NothingBeforeTheLetter):
        services.put_asks(talk=talk, channel="call", as_of=NOW)
    assert not talk.asks.exists()
    assert not talk.tasks.exists()
    assert page(talk).next_step.situation == "s01"


def test_opening_twice_is_opening_once(talk):
    n_tasks = talk.tasks.count()

    again = services.open_negotiation(offer=talk.offer, as_of=NOW + DAY)

    assert again == talk
    assert n_tasks == talk.tasks.count() > 10
    assert Negotiation.objects.count() == 1


def test_put_asks_move_the_offer_and_tick_the_plan(asked):
    asked.offer.refresh_from_db()

    assert asked.offer.state == Offer.State.NEGOTIATING
    assert asked.tasks.get(key="call").done_at == NOW
    ask = asked.asks.get()
    assert (ask.state, ask.rounds.get().amount) == (Ask.State.PUT, Decimal(225_000))
    assert ask.evidence.count() == 1


def test_a_new_figure_for_a_put_ask_is_a_round(asked):
    wanted = [services.WantedAsk(component="base", amount=Decimal(218_000))]

    services.prepare_asks(talk=asked, wanted=wanted, as_of=NOW + HOUR)

    ask = asked.asks.get()
    assert [row.amount for row in ask.rounds.order_by("number")] == [225_000, 218_000]
    assert ask.amount == 218_000


# --- replies and moved gaps ----------------------------------------------------------------------


def test_yes_is_a_promise_and_no_more(asked):
    ask = asked.asks.get()

    promise = services.note_reply(ask=ask, reply="yes", person="Robin", as_of=NOW + HOUR)

    assert (promise.amount, promise.state, promise.said_by) == (225_000, "verbal", "Robin")
    assert current_revision(asked.offer).base_salary == 200_000  # not counted until written
    assert asked.asks.get().state == Ask.State.AGREED


def test_band_limit_closes_base_and_offers_packages_worth_the_gap(asked):
    services.note_reply(
        ask=asked.asks.get(), reply="band_limit", amount=Decimal(205_000), as_of=NOW + HOUR
    )
    asked.refresh_from_db()

    gap = page(asked).open_gap

    assert asked.capped_components == ["base"]
    assert asked.asks.get().state == Ask.State.PUT  # a limit on one component is no refusal
    assert gap.base_gap == 20_000
    assert {package.kind.value for package in gap.packages} == {"sign_on", "half_half", "equity"}
    assert all(package.value_today >= gap.gap_today - 1e-6 for package in gap.packages)
    assert all(package.excess <= 1.0 for package in gap.packages if package.sign_on)


def test_one_click_moves_the_gap_to_equity(asked):
    services.note_reply(
        ask=asked.asks.get(), reply="band_limit", amount=Decimal(205_000), as_of=NOW + HOUR
    )
    asked.refresh_from_db()
    gap = page(asked).open_gap
    package = next(row for row in gap.packages if row.kind.value == "equity")

    services.move_gap(
        talk=asked, package=package, current={"equity": Decimal(4_000)}, as_of=NOW + 2 * HOUR
    )

    equity = asked.asks.get(component="equity")
    assert equity.quantity == 4_000 + package.units
    assert equity.current_quantity == 4_000
    assert asked.asks.get(component="base").state == Ask.State.REFUSED


# --- evidence and rivals -------------------------------------------------------------------------


def test_only_a_written_open_offer_of_ones_own_can_be_cited(candidate, stranger, talk):
    good = rival_of(candidate)
    refused = [
        rival_of(candidate, source="verbal", name="Verbal"),
        rival_of(candidate, state="declined", name="Declined"),
        rival_of(candidate, due=NOW.date(), name="Expired"),
        rival_of(stranger, name="Foreign"),
        talk.offer,
    ]

    for offer in refused:
        with pytest.raises(services.NotCitable):
            services.cite_offer(talk=talk, revision=current_revision(offer), today=NOW.date() + DAY)
    row = services.cite_offer(talk=talk, revision=current_revision(good), today=NOW.date())

    assert row.competing_revision == current_revision(good)
    assert talk.evidence.count() == 1


def test_cited_offer_stops_counting_once_it_is_declined(candidate, talk):
    rival = rival_of(candidate)
    services.cite_offer(talk=talk, revision=current_revision(rival), today=NOW.date())
    before = page(talk).proposal

    offer_services.move_offer(offer=rival, to=Offer.State.DECLINED, as_of=NOW)
    after = page(talk).proposal

    assert before.sized.amount is not None
    assert before.leverage.score == 2  # three for the offer, one less for a single source
    assert (after.sized.amount, after.leverage.score) == (None, 0)


def test_proposal_stays_within_the_evidence_and_sums_to_its_parts(candidate):
    talk = services.open_negotiation(offer=offer_of(candidate), as_of=NOW)
    # The offer comes to 200,000 base, 10,000 a year of sign-on and 100,000 of stock.
    EvidenceFactory.create(
        negotiation=talk, component="total", low=280_000, median=330_000, high=360_000, top=400_000
    )

    found = page(talk).proposal

    assert found.offer == 310_000
    assert found.sized.amount == pytest.approx(346_500)  # the median and 5%
    assert found.total_after == pytest.approx(found.sized.amount, rel=0.01)
    assert found.total_after <= found.sized.stretch
    assert found.lines[0].component == "equity"
    equity = found.lines[0]
    assert equity.quantity % 100 == 0
    assert found.rates.units is not None


def test_base_evidence_never_supports_more_equity(candidate):
    talk = services.open_negotiation(offer=offer_of(candidate, startup_terms()), as_of=NOW)
    EvidenceFactory.create(
        negotiation=talk, component="base", low=160_000, median=180_000, high=200_000, top=220_000
    )

    lines = {line.component: line for line in page(talk).proposal.lines}

    assert lines["base"].is_supported
    assert lines["base"].amount == 189_000
    assert not lines["equity"].is_supported
    assert lines["equity"].quantity == 100_000


# --- the ledger ----------------------------------------------------------------------------------


def promise(talk, **fields):
    return services.record_commitment(
        talk=talk, **{"term": "Promised", "said_date": NOW.date()} | fields
    )


def test_letter_is_compared_with_every_promise(asked):
    kept = promise(asked, component="base", amount=Decimal(220_000))
    short = promise(asked, component="sign_on", amount=Decimal(60_000))
    words = promise(asked, component="term", term="Double trigger")
    new_letter(asked.offer, base=Decimal(220_000), sign_on=Decimal(50_000))

    assert services.settle_ledger(talk=asked, as_of=NOW) == 1

    for row in (kept, short, words):
        row.refresh_from_db()
    assert (kept.state, kept.found_in_revision.number) == ("found", 2)
    assert (short.state, words.state) == ("verbal", "verbal")
    services.find_by_hand(commitment=words)
    words.refresh_from_db()
    assert (words.state, words.is_found_by_hand) == ("found", True)


def test_what_got_worse_is_said(asked):
    new_letter(asked.offer, base=Decimal(190_000), quantity=Decimal(5_000))

    read = ledger(asked, horizon_years=4)

    assert [row.change.label for row in read.worse] == ["Base salary"]
    by_label = {row.change.label: row.is_worse for row in read.changes}
    assert by_label["Equity, units"] is False


def test_nothing_is_found_in_verbal_terms(candidate):
    talk = services.open_negotiation(offer=offer_of(candidate, verbal(public_terms())), as_of=NOW)
    row = promise(talk, component="base", amount=Decimal(1))

    with pytest.raises(services.NoLetterToCompare):
        services.settle_ledger(talk=talk, as_of=NOW)
    with pytest.raises(services.NoLetterToCompare):
        services.find_by_hand(commitment=row)


def test_accepting_asks_for_each_promise_that_is_only_words(candidate, asked):
    kept = promise(asked, component="base", amount=Decimal(220_000))
    words = promise(asked, component="term", term="Review after six months")
    rival = rival_of(candidate)
    new_letter(asked.offer, base=Decimal(220_000))
    options = {"note": "They told me twice", "signed_date": NOW.date(), "as_of": NOW}

    with pytest.raises(services.StillOnlyWords) as problem:
        services.accept_offer(talk=asked, confirmed=[kept.pk], also_decline=[], **options)
    asked.offer.refresh_from_db()
    assert [row.pk for row in problem.value.commitments] == [words.pk]
    assert asked.offer.state == Offer.State.NEGOTIATING

    outcome = services.accept_offer(
        talk=asked, confirmed=[words.pk], also_decline=[rival.pk], **options
    )

    for row in (kept, words, rival):
        row.refresh_from_db()
    assert (kept.state, words.state, words.waiver_note) == ("found", "waived", "They told me twice")
    assert rival.state == Offer.State.DECLINED
    assert outcome.final_guaranteed - outcome.first_guaranteed == 80_000
    assert (outcome.n_asks, outcome.consented_at) == (1, None)


def test_accepting_declines_no_offer_of_somebody_else(asked, stranger):
    foreign = offer_of(stranger)

    services.accept_offer(
        talk=asked,
        confirmed=[],
        note="",
        signed_date=NOW.date(),
        also_decline=[foreign.pk],
        as_of=NOW,
    )

    foreign.refresh_from_db()
    assert foreign.state == Offer.State.WRITTEN


def test_outcome_is_given_without_a_name_and_taken_back(candidate):
    terms = public_terms()
    terms.offer.role_family = RoleFamily.objects.get(key="ml_engineer")
    terms.offer.level = Level.objects.get(key="L5")
    talk = services.open_negotiation(offer=offer_of(candidate, terms), as_of=NOW)
    outcome = services.accept_offer(
        talk=talk, confirmed=[], note="", signed_date=NOW.date(), also_decline=[], as_of=NOW
    )
    assert not Contribution.objects.exists()

    services.give_outcome(outcome=outcome, as_of=NOW)
    services.give_outcome(outcome=outcome, as_of=NOW)

    given = Contribution.objects.get()
    assert (given.base, given.equity, given.sign_on) == (200_000, 100_000, 40_000)
    assert (given.location.key, given.observed_date.day, given.state) == ("us", 1, "offered")
    assert "alder" not in given.employer_key.lower()
    services.take_outcome_back(outcome=outcome, as_of=NOW + HOUR)
    given.refresh_from_db()
    outcome.refresh_from_db()
    assert (given.state, outcome.consent_withdrawn_at) == ("withdrawn", NOW + HOUR)


def test_outcome_without_a_role_cannot_be_given(asked):
    outcome = services.accept_offer(
        talk=asked, confirmed=[], note="", signed_date=NOW.date(), also_decline=[], as_of=NOW
    )

    with pytest.raises(NotOfferable, match="kind of work"):
        services.give_outcome(outcome=outcome, as_of=NOW)
    outcome.refresh_from_db()
    assert outcome.consented_at is None


def test_people_one_knows_are_evidence_as_far_as_they_compare(candidate, stranger):
    terms = public_terms()
    terms.offer.role_family = RoleFamily.objects.get(key="ml_engineer")
    terms.offer.level = Level.objects.get(key="L5")
    talk = services.open_negotiation(offer=offer_of(candidate, terms), as_of=NOW)
    point = {
        "role_family": terms.offer.role_family,
        "location": terms.offer.location,
        "stage": terms.company.stage,
        "currency": "USD",
        "observed_date": NOW.date() - 60 * DAY,
        "company_name": "Secret Inc",
    }
    level, junior = terms.offer.level, Level.objects.get(key="L3")
    for owner, of_level, base in (
        (candidate, level, 210_000),
        (candidate, level, 230_000),
        (candidate, level, 220_000),
        (candidate, junior, 120_000),
        (stranger, level, 900_000),
    ):
        NetworkDataPoint.objects.create(owner=owner, level=of_level, base=base, **point)

    services.take_network(talk=talk, today=NOW.date())
    services.take_network(talk=talk, today=NOW.date())

    row = talk.evidence.get(component="base")
    assert (row.low, row.median, row.high, row.sample_size) == (210_000, 220_000, 230_000, 3)
    assert row.is_matched
    assert "Secret" not in row.label + row.source_names + row.reference


def test_demonstration_is_in_full_swing_and_seeds_once(candidate):
    demo = offer_services.seed_demo(
        email="demo@parley.local",
        password="three quiet herons walk",
        today=timezone.localdate(),
        as_of=timezone.now(),
    )

    talk = services.seed_demo_talks(user=demo.user, as_of=timezone.now())
    rows = talk.asks.count(), talk.commitments.count(), talk.calls.count(), talk.evidence.count()
    again = services.seed_demo_talks(user=demo.user, as_of=timezone.now())

    assert again == talk
    assert rows == (4, 3, 1, 3)
    assert (
        talk.asks.count(),
        talk.commitments.count(),
        talk.calls.count(),
        talk.evidence.count(),
    ) == rows
    assert page(talk, timezone.now()).stage == Stage.FOLLOW_UP


# --- the clock -----------------------------------------------------------------------------------


def test_letter_in_the_evening_counts_from_the_next_day(talk):
    evening = dt.datetime(2026, 11, 16, 23, 30, tzinfo=dt.UTC)  # 18:30 in New York

    services.set_deadline(
        talk=talk,
        received_at=evening,
        due_date=None,
        due_at=None,
        time_zone="",
        was_granted=False,
        as_of=NOW,
    )

    talk.offer.refresh_from_db()
    assert services.window_of(talk, as_of=NOW).counted_from == dt.date(2026, 11, 17)
    assert talk.offer.respond_by_date == dt.date(2026, 11, 24)
    assert talk.tasks.get(key="decide").due_date == dt.date(2026, 11, 24)


def test_extension_moves_the_plan_and_stands_on_the_timeline(talk):
    services.set_deadline(
        talk=talk,
        received_at=None,
        due_date=dt.date(2026, 11, 17),
        due_at=None,
        time_zone="",
        was_granted=False,
        as_of=NOW,
    )
    assert talk.tasks.filter(key="more-time").exists()

    services.set_deadline(
        talk=talk,
        received_at=None,
        due_date=dt.date(2026, 12, 1),
        due_at=None,
        time_zone="",
        was_granted=True,
        as_of=NOW,
    )

    assert talk.events.get(kind="extension_granted").due_date == dt.date(2026, 12, 1)
    assert talk.tasks.get(key="decide").due_date == dt.date(2026, 11, 23)


# --- reminders -----------------------------------------------------------------------------------


def test_reminders_are_owed_once_and_sent_once(talk):
    assert services.plan_all_reminders(as_of=NOW) == 2
    assert services.plan_all_reminders(as_of=NOW) == 0
    # Received Mon 16 Nov, five business days: Mon 23 Nov; the day before it is Fri 20 Nov, 8:00 in New York.
    rows = {row.kind: row for row in Reminder.objects.all()}
    assert rows["answer_due_next"].send_at == dt.datetime(2026, 11, 20, 13, 0, tzinfo=dt.UTC)

    later = dt.datetime(2026, 11, 20, 14, 0, tzinfo=dt.UTC)
    assert services.send_reminders(clock=lambda: later - 6 * HOUR) == 1
    assert services.send_reminders(clock=lambda: later) == 1
    assert services.send_reminders(clock=lambda: later) == 0

    assert [message.to for message in mail.outbox] == [["candidate@example.com"]] * 2
    words = mail.outbox[1].subject + mail.outbox[1].body
    assert "Monday, 23 November 2026" in words
    assert "Alder" not in words
    assert "200" not in words


def test_moved_deadline_cancels_what_was_owed(talk):
    services.plan_reminders(talk=talk, as_of=NOW)
    services.set_deadline(
        talk=talk,
        received_at=None,
        due_date=dt.date(2026, 12, 4),
        due_at=None,
        time_zone="",
        was_granted=True,
        as_of=NOW,
    )

    services.plan_reminders(talk=talk, as_of=NOW)

    states = sorted((row.about_date.day, row.state) for row in Reminder.objects.all())
    assert states == [(4, "waiting"), (4, "waiting"), (23, "cancelled"), (23, "cancelled")]


def test_decided_offer_sends_nothing_more(talk):
    services.plan_reminders(talk=talk, as_of=NOW)
    offer_services.move_offer(offer=talk.offer, to=Offer.State.DECLINED, as_of=NOW)

    services.plan_all_reminders(as_of=NOW)

    assert set(Reminder.objects.values_list("state", flat=True)) == {"cancelled"}


def test_reminder_of_a_killed_worker_is_sent_by_the_next(talk):
    services.plan_reminders(talk=talk, as_of=NOW)
    due = dt.datetime(2026, 11, 20, 14, 0, tzinfo=dt.UTC)
    Reminder.objects.update(state="sending", claimed_at=due, attempts=1)

    assert services.send_reminders(clock=lambda: due + 5 * 60 * dt.timedelta(seconds=1)) == 0
    assert services.send_reminders(clock=lambda: due + HOUR) == 2


def test_mail_server_that_is_down_is_tried_again(talk, monkeypatch):
    services.plan_reminders(talk=talk, as_of=NOW)
    due = dt.datetime(2026, 11, 20, 14, 0, tzinfo=dt.UTC)

    def refuse(**_):
        raise ConnectionRefusedError

    monkeypatch.setattr("negotiation.services.time.send_mail", refuse)
    for _ in range(6):
        assert services.send_reminders(clock=lambda: due) == 0

    assert set(Reminder.objects.values_list("state", "attempts")) == {("failed", 5)}


def test_recap_is_owed_until_it_is_sent(talk):
    services.log_call(
        talk=talk,
        channel="call",
        held_at=NOW,
        person="",
        mood="",
        notes="",
        open_points=[],
        next_step="",
        follow_up_date=dt.date(2026, 11, 19),
    )
    services.plan_reminders(talk=talk, as_of=NOW)
    assert Reminder.objects.get(kind="recap_owed").send_at == NOW + 2 * HOUR
    assert Reminder.objects.filter(kind="follow_up", state="waiting").count() == 1

    services.note_event(talk=talk, kind="follow_up_sent", happened_at=NOW + HOUR)
    services.plan_reminders(talk=talk, as_of=NOW + HOUR)

    assert Reminder.objects.get(kind="recap_owed").state == "cancelled"


def test_tasks_are_doors_to_the_services(talk, monkeypatch):
    monkeypatch.setattr("negotiation.tasks.timezone.now", lambda: NOW)

    tasks.plan_reminders()
    tasks.plan_reminders()
    tasks.send_reminders()

    assert Reminder.objects.filter(state="waiting").count() == 2


# --- after yes -----------------------------------------------------------------------------------


def test_first_days_follow_from_the_start_and_keep_what_was_edited(asked):
    with pytest.raises(services.NotAcceptedYet):
        services.plan_first_days(talk=asked, start_date=dt.date(2027, 1, 4))
    services.accept_offer(
        talk=asked, confirmed=[], note="", signed_date=NOW.date(), also_decline=[], as_of=NOW
    )

    services.plan_first_days(talk=asked, start_date=dt.date(2027, 1, 4))
    task = asked.tasks.get(key="small-delivery")
    services.change_task(task=task, title="Ship the eval dashboard", due_date=task.due_date)
    services.plan_first_days(talk=asked, start_date=dt.date(2027, 2, 1))

    task.refresh_from_db()
    assert (task.title, task.due_date) == ("Ship the eval dashboard", dt.date(2027, 3, 3))
    asked.offer.refresh_from_db()
    assert asked.offer.start_date == dt.date(2027, 2, 1)


def test_results_are_logged_for_the_next_raise(talk):
    win = services.log_win(
        talk=talk,
        happened_date=NOW.date(),
        what="Halved the cost of serving",
        effect="$1.2M a year",
        evidence="The dashboard",
    )

    assert talk.wins.get() == win
    services.drop_win(win=win)
    assert not talk.wins.exists()


def test_commitment_can_be_opened_again(asked):
    row = promise(asked, component="term", term="Remote on Fridays")
    services.find_by_hand(commitment=row)

    services.reopen_commitment(commitment=row)

    row.refresh_from_db()
    assert (row.state, row.found_in_revision) == (Commitment.State.VERBAL, None)
