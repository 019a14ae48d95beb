"""People I know: private, quick to note, guarded, given back only as seen."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from market import services
from market.models import (
    BenchmarkSnapshot,
    Contribution,
    Level,
    Location,
    NetworkDataPoint,
    RoleFamily,
)
from tests.factories.figures import observations, published_batch

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
SHARED = {
    "role_family": "ml_engineer",
    "location": "us-sf-bay",
    "currency": "USD",
    "observed_date": TODAY.strftime("%Y-%m"),
    "certainty": "certain",
}


def row(number, **fields):
    return {f"row-{number}-{name}": value for name, value in fields.items()}


def person(owner, **changes):
    values = {
        "company_name": "Bellwether AI",
        "role_family": RoleFamily.objects.get(key="ml_engineer"),
        "level": Level.objects.get(key="L6"),
        "location": Location.objects.get(key="us-sf-bay"),
        "currency": "USD",
        "base": Decimal(267_431),
        "bonus": Decimal(40_000),
        "equity": Decimal(90_000),
        "observed_date": TODAY.replace(day=1),
        **changes,
    }
    [point] = services.note_points(owner=owner, points=[values])
    return point


def words(answer):
    return " ".join(answer.text.split())


# --- quick entry -------------------------------------------------------------------------------


def test_five_people_are_noted_at_once(client_of, candidate) -> None:
    typed = dict(SHARED)
    for number in range(5):
        typed |= row(number, company_name=f"Company {number}", level="L5", base=f"${200 + number}k")

    answer = client_of(candidate).post(reverse("market:network_add"), typed)

    assert answer.url == reverse("market:network")
    points = NetworkDataPoint.objects.order_by("pk")
    assert [point.base for point in points] == [200_000, 201_000, 202_000, 203_000, 204_000]
    assert {(p.owner, p.location.key, p.level.key, p.certainty) for p in points} == {
        (candidate, "us-sf-bay", "L5", "certain")
    }


def test_a_wrong_line_is_told_beside_its_field_and_nothing_is_lost(client_of, candidate) -> None:
    typed = SHARED | row(0, company_name="Alder", base="lots") | row(1, company_name="Birch")

    answer = client_of(candidate).post(reverse("market:network_add"), typed)

    assert answer.status_code == 422
    assert 'value="lots"' in answer.text
    assert 'value="Birch"' in answer.text
    assert "Write at least one amount." in answer.text
    assert not NetworkDataPoint.objects.exists()


def test_nothing_typed_is_told(client_of, candidate) -> None:
    answer = client_of(candidate).post(reverse("market:network_add"), SHARED)

    assert answer.status_code == 422
    assert "Fill in at least one line." in answer.text


@pytest.mark.parametrize(
    "pasted",
    [
        "Company\tLevel\tBase\tBonus\tEquity\nAlder\tE5\t$210,000\t15k\t80k\nBirch\tStaff\t260k",
        "Alder; E5; $210,000; 15k; 80k\nBirch; Staff; 260k",
        'Alder, E5, "210,000", 15k, 80k\nBirch, Staff, 260k',
    ],
)
def test_pasted_lines_fill_the_form_and_keep_nothing(client_of, candidate, pasted) -> None:
    answer = client_of(candidate).post(
        reverse("market:network_add"), {"paste": "yes", "pasted": pasted}
    )

    rows = [line.initial for line in answer.context["entry"].rows[:2]]
    assert [(r["company_name"], r["level"]) for r in rows] == [("Alder", "L5"), ("Birch", "L6")]
    assert rows[0]["base"].lstrip("$") == "210,000"
    assert len(answer.context["entry"].rows) == 5
    assert not NetworkDataPoint.objects.exists()


@pytest.mark.parametrize("pasted", ["", "\n\n", "x" * 20_001, ";;;"])
def test_a_paste_without_lines_is_told(client_of, candidate, pasted) -> None:
    answer = client_of(candidate).post(
        reverse("market:network_add"), {"paste": "yes", "pasted": pasted}
    )

    assert answer.status_code == 422
    assert answer.context["paste"].errors["pasted"]


# --- one point ---------------------------------------------------------------------------------


def test_a_point_is_changed_and_deleted(client_of, candidate) -> None:
    point = person(candidate)
    client = client_of(candidate)
    form = client.get(reverse("market:point_edit", args=[point.pk])).context["form"]
    typed = {name: "" if value is None else value for name, value in form.initial.items()}

    client.post(
        reverse("market:point_edit", args=[point.pk]),
        typed | {"base": "300k", "stage": "series_b", "observed_date": "2026-03"},
    )
    point.refresh_from_db()
    assert (point.base, point.stage.key, point.observed_date) == (
        300_000,
        "series_b",
        dt.date(2026, 3, 1),
    )

    assert client.get(reverse("market:point_delete", args=[point.pk])).status_code == 200
    client.post(reverse("market:point_delete", args=[point.pk]))
    assert not NetworkDataPoint.objects.exists()


@pytest.mark.parametrize("door", ["point_edit", "point_delete", "point_offer"])
def test_a_stranger_finds_no_point_of_anybody(client_of, candidate, stranger, door) -> None:
    point = person(candidate)
    client = client_of(stranger)

    for method in (client.get, client.post):
        assert method(reverse(f"market:{door}", args=[point.pk])).status_code == 404
    assert "Bellwether" not in client.get(reverse("market:network")).text
    assert "Bellwether" not in client.get(reverse("market:worth")).text
    assert NetworkDataPoint.objects.exists()


def test_the_list_asks_as_many_queries_for_any_number(client_of, candidate) -> None:
    client = client_of(candidate)
    person(candidate)
    client.get(reverse("market:network"))
    with CaptureQueriesContext(connection) as one:
        client.get(reverse("market:network"))
    for _ in range(3):
        person(candidate)
    with CaptureQueriesContext(connection) as four:
        client.get(reverse("market:network"))

    assert len(one) == len(four)


# --- what am I worth ---------------------------------------------------------------------------


def test_worth_needs_no_offer_and_names_its_confidence(client_of, candidate) -> None:
    rows = [{"usd": 200_000 + 1_000 * i, "work_arrangement": "remote"} for i in range(41)]
    observations(published_batch(), rows)
    services.refresh_benchmarks(reason="asked", clock=timezone.now)

    answer = client_of(candidate).get(
        reverse("market:worth"),
        {"role": "ml_engineer", "level": "L5", "country": "us-sf-bay", "remote": "remote"},
    )

    shown = words(answer)
    assert "Half of comparable jobs pay <strong>$210k to $230k</strong> a year" in shown
    assert "41 figures up to 2025" in shown
    assert "Confidence: high" in shown


def test_people_who_are_not_comparable_are_left_out_with_the_reasons(client_of, candidate) -> None:
    """Paragraph 6 of the guide: staff at a Series B in San Francisco, mid-level in London."""
    person(candidate)
    person(
        candidate,
        company_name="Old Bank",
        level=Level.objects.get(key="L4"),
        location=Location.objects.get(key="gb-london"),
        currency="GBP",
        base=Decimal(95_000),
    )

    answer = client_of(candidate).get(
        reverse("market:worth"),
        {"role": "ml_engineer", "level": "L6", "country": "us-sf-bay", "stage": "series_b"},
    )

    people = answer.context["people"]
    assert [p.point.company_name for p in people.counted] == ["Bellwether AI"]
    assert people.base.n == 1
    assert (
        "No: 2 levels below (Mid), a different country (London), paid in another currency (GBP)"
        in words(answer)
    )


# --- giving back -------------------------------------------------------------------------------


def test_what_would_be_published_is_shown_before_consent(client_of, candidate) -> None:
    point = person(candidate, note="my old team mate Zyx")

    answer = client_of(candidate).get(reverse("market:point_offer", args=[point.pk]))

    shown = words(answer)
    assert "$267,000" in shown
    assert "United States" in shown
    for secret in ("267,431", "Bellwether", "San Francisco", "Zyx"):
        assert secret not in shown
    assert not Contribution.objects.exists()


def test_exactly_what_was_shown_is_offered(client_of, candidate) -> None:
    point = person(candidate)

    client_of(candidate).post(reverse("market:point_offer", args=[point.pk]))

    given = Contribution.objects.get()
    assert (given.base, given.bonus, given.location.key, given.observed_date.day) == (
        267_000,
        40_000,
        "us",
        1,
    )
    assert (given.state, given.owner, given.network_point) == ("offered", candidate, point)
    assert "ellwether" not in given.employer_key


@pytest.mark.parametrize("missing", ["level", "role_family"])
def test_a_point_that_says_too_little_is_not_offered(client_of, candidate, missing) -> None:
    point = person(candidate, **{missing: None})

    answer = client_of(candidate).post(reverse("market:point_offer", args=[point.pk]))

    assert answer.url == reverse("market:point_edit", args=[point.pk])
    assert not Contribution.objects.exists()


def test_a_point_is_offered_once_at_a_time(client_of, candidate) -> None:
    point = person(candidate)
    client = client_of(candidate)
    address = reverse("market:point_offer", args=[point.pk])
    client.post(address)

    client.post(address)
    assert Contribution.objects.count() == 1

    client.post(reverse("market:contribution_withdraw", args=[Contribution.objects.get().pk]))
    client.post(address)
    assert sorted(Contribution.objects.values_list("state", flat=True)) == ["offered", "withdrawn"]


def test_withdrawing_takes_the_figure_out_and_asks_for_new_benchmarks(client_of, candidate) -> None:
    point = person(candidate)
    client = client_of(candidate)
    client.post(reverse("market:point_offer", args=[point.pk]))
    given = Contribution.objects.get()
    batch = published_batch()
    [row] = observations(batch, [{}])
    row.contribution = given
    row.save()

    client.post(reverse("market:contribution_withdraw", args=[given.pk]))

    given.refresh_from_db()
    assert (given.state, given.observations.count()) == ("withdrawn", 0)
    assert BenchmarkSnapshot.objects.get().state == "queued"


def test_deleting_a_point_withdraws_what_was_given_of_it(client_of, candidate) -> None:
    point = person(candidate)
    client = client_of(candidate)
    client.post(reverse("market:point_offer", args=[point.pk]))

    client.post(reverse("market:point_delete", args=[point.pk]))

    assert Contribution.objects.get().state == "withdrawn"


def test_a_stranger_withdraws_nothing(client_of, candidate, stranger) -> None:
    point = person(candidate)
    client_of(candidate).post(reverse("market:point_offer", args=[point.pk]))
    given = Contribution.objects.get()

    address = reverse("market:contribution_withdraw", args=[given.pk])
    assert client_of(stranger).post(address).status_code == 404
    assert "Machine learning" not in client_of(stranger).get(reverse("market:contributions")).text


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("Google Inc.", "GOOGLE, INC", True),
        ("Deep Mind Ltd", "DeepMind", True),
        ("Alder", "Birch", False),
        ("The Company", "Co", False),
    ],
)
def test_spellings_of_an_employer_count_once(one, other, is_same) -> None:
    assert (services.network.employer_key(one) == services.network.employer_key(other)) is is_same
