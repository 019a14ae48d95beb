"""The curator's bench: who may come, what each page shows, what each button does."""

import datetime as dt
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.services import make_curator
from market import services
from market.models import (
    BenchmarkSnapshot,
    Contribution,
    ExchangeRate,
    ImportBatch,
    LadderRung,
    Observation,
    RoleFamily,
    Source,
    TitleRule,
)
from market.parsers.salaries import HEADER
from tests.factories.market import MOMENT, ImportBatchFactory, ObservationFactory, SourceFactory
from tests.market.test_models import contribution

pytestmark = pytest.mark.django_db


@pytest.fixture
def curator(db):
    return make_curator(email="curator@example.com")[0]


@pytest.fixture
def client(client_of, curator):
    return client_of(curator)


def at(name, *arguments):
    return reverse(f"market:curation{name}", args=arguments)


def line(pay, title="Data Analyst", currency="USD"):
    return f"2025,SE,FT,{title},{pay},{currency},{pay},US,0,US,M"


def salaries(*lines):
    return "\r\n".join([",".join(HEADER), *lines]).encode()


def staged(*lines, key="devops"):
    batch = services.request_import(
        source=Source.objects.get(key=key),
        file=io.BytesIO(salaries(*lines)),
        name="pay.csv",
        as_of=MOMENT,
    )
    services.run_import(batch_id=batch.pk, clock=lambda: MOMENT)
    batch.refresh_from_db()
    return batch


def published(*lines, key="devops", moment=MOMENT):
    return services.publish_import(batch=staged(*lines, key=key), as_of=moment)


def many(n=30):
    return [line(90_000 + 500 * step) for step in range(n)]


PAGES = ["", "_source_new", "_review", "_contributions", "_titles", "_title_rule_new", "_levels",
         "_history", "_snapshots"]  # fmt: skip


def test_bench_is_closed_to_everybody_else(client_of, candidate):
    for name in PAGES:
        answer = client_of(candidate).get(at(name))
        assert answer.status_code == 403, name
        assert "This page is not yours to see" in answer.text


def test_staff_who_are_no_curators_stay_out_too(client_of, candidate):
    candidate.is_staff = True
    candidate.save()

    assert client_of(candidate).get(at("")).status_code == 403
    assert client_of(candidate).post(at("_refresh")).status_code == 403
    assert not BenchmarkSnapshot.objects.exists()


@pytest.mark.parametrize("name", PAGES)
def test_empty_bench_has_every_page(client, name):
    answer = client.get(at(name))

    assert answer.status_code == 200
    assert "curation/layout.html" in [template.name for template in answer.templates]


def fill(n):
    """Make every page of the bench long: files, doubtful rows, unmapped titles, snapshots."""
    for step in range(n):
        batch = ImportBatchFactory.create(
            problems=[{"kind": "x", "column": "c", "count": 1, "examples": []}]
        )
        for _ in range(n):
            ObservationFactory.create(batch=batch, title=f"Unheard of {step}")
            ObservationFactory.create(batch=batch, state="flagged", reasons=["outlier"])
        Observation.objects.filter(batch=batch).update(
            review_note=f"{step}", state="flagged", reasons=["outlier"]
        )
        snapshot = BenchmarkSnapshot.objects.create(
            state="done", reason="asked", queued_at=MOMENT, batch=batch
        )
        contribution(make_curator(email=f"giver{step}@example.com")[0])
    return batch, snapshot


@pytest.mark.parametrize(
    ("name", "n_queries"),
    [("", 15), ("_review", 17), ("_contributions", 12), ("_titles", 12), ("_title_rule_new", 12),
     ("_levels", 12), ("_history", 15), ("_snapshots", 18)],
)  # fmt: skip
@pytest.mark.parametrize("n_rows", [1, 3])
def test_no_page_asks_more_for_more_rows(
    client, django_assert_num_queries, name, n_queries, n_rows
):
    fill(n_rows)
    client.get(at(name))

    with django_assert_num_queries(n_queries):
        assert client.get(at(name)).status_code == 200


@pytest.mark.parametrize("n_rows", [1, 3])
def test_no_single_page_asks_more_for_more_rows(client, django_assert_num_queries, n_rows):
    batch, snapshot = fill(n_rows)

    for path, n_queries in [
        (at("_source", batch.source.key), 12),
        (at("_import", batch.pk), 12),
        (at("_snapshot", snapshot.pk), 10),
        (at("_ladder", "meta"), 12),
    ]:
        client.get(path)
        with django_assert_num_queries(n_queries):
            assert client.get(path).status_code == 200, path


# --- files -------------------------------------------------------------------------------------


def upload(client, content, key="devops", name="pay.csv"):
    return client.post(at("_source", key), {"file": SimpleUploadedFile(name, content)})


def test_file_goes_from_upload_to_publication_and_back(
    client, curator, sent_tasks, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        answer = upload(client, salaries(*many(), line(5_000_000)))
    batch = ImportBatch.objects.get()
    assert answer.url == at("_import", batch.pk)
    assert (batch.uploaded_by, [task.name for task in sent_tasks]) == (
        curator,
        ["market.run_import"],
    )

    waiting = client.get(answer.url)
    assert "Reading the file" in waiting.text
    services.run_import(batch_id=batch.pk, clock=lambda: MOMENT)

    part = client.get(answer.url, headers={"HX-Request": "true", "HX-Target": "import-state"})
    assert part.status_code == 286
    assert "<html" not in part.text
    page = client.get(answer.url).text
    assert "Ready to publish" in page
    assert "hx-trigger" not in page.partition('id="import-state"')[2].partition("</section>")[0]
    assert "$97,250" in page  # the median of a cell that comes up to 20 figures

    assert client.post(at("_publish", batch.pk), {"why": "looks right"}).url == answer.url
    batch.refresh_from_db()
    assert (batch.state, batch.published_by) == ("published", curator)
    assert "looks right" in client.get(at("_history")).text

    client.post(at("_roll_back", batch.pk))
    batch.refresh_from_db()
    assert batch.state == "rolled_back"
    assert "Publish" in client.get(answer.url).text

    client.post(at("_discard", batch.pk))
    assert not Observation.objects.exists()


def test_second_file_of_a_source_hears_that_it_must_wait(client):
    staged(line(5))

    answer = upload(client, salaries(line(6)))

    assert answer.status_code == 422
    assert "pay.csv of this source is waiting" in answer.text


def test_upload_of_nothing_says_what_to_do(client):
    answer = client.post(at("_source", "devops"))

    assert answer.status_code == 422
    assert "Choose a file." in answer.text


def test_bad_file_is_explained_and_can_be_tried_again(client):
    upload(client, b"a,b\n1,2\n")
    batch = ImportBatch.objects.get()
    services.run_import(batch_id=batch.pk, clock=lambda: MOMENT)

    page = client.get(at("_import", batch.pk)).text
    assert "Line 1, column 1: The header says" in page

    client.post(at("_retry", batch.pk))
    batch.refresh_from_db()
    assert batch.state == "queued"
    client.post(at("_stop", batch.pk))
    batch.refresh_from_db()
    assert batch.state == "cancelled"


def test_what_cannot_be_done_says_why(client):
    first = published(line(5))
    published(line(6), moment=MOMENT + dt.timedelta(hours=1))

    answer = client.post(at("_roll_back", first.pk), follow=True)

    assert "Roll back pay.csv first" in answer.text
    first.refresh_from_db()
    assert first.state == "published"


def test_csv_of_any_columns_is_mapped_on_screen(client):
    client.post(
        at("_source_new"),
        {"name": "Mine", "key": "mine", "kind": "survey", "basis": "reported", "licence": "CC0",
         "attribution": "Me"},
    )  # fmt: skip
    upload(client, b"role,pay\nData Analyst,70000\n", key="mine")
    batch = ImportBatch.objects.get()
    services.run_import(batch_id=batch.pk, clock=lambda: MOMENT)
    assert "Say what the columns mean" in client.get(at("_import", batch.pk)).text

    page = at("_columns", batch.pk)
    wrong = client.post(page, {"column_title": "role"})
    assert wrong.status_code == 422
    assert "Choose the column of the pay." in wrong.text
    right = client.post(
        page,
        {"column_title": "role", "column_amount": "pay", "constant_currency": "USD",
         "constant_country": "US", "constant_year": "2026"},
    )  # fmt: skip

    assert right.url == at("_import", batch.pk)
    services.run_import(batch_id=batch.pk, clock=lambda: MOMENT)
    assert Observation.objects.get().base_usd == 70_000
    assert Source.objects.get(key="mine").column_map["columns"] == {
        "title": "role",
        "amount": "pay",
    }


def test_terms_of_a_source_are_changed_with_the_reader_on_record(client, curator):
    SourceFactory.create(key="x")
    answer = client.post(
        at("_source_edit", "x"),
        {"name": "X", "licence": "CC BY", "attribution": "X", "trust": 3, "fetch_every_days": 7},
    )
    assert answer.status_code == 422
    assert "Write the address to fetch" in answer.text

    client.post(
        at("_source_edit", "x"),
        {"name": "X", "licence": "CC BY", "attribution": "X", "trust": 3, "fetch_every_days": 0},
    )
    assert Source.objects.get(key="x").licence == "CC BY"
    assert curator.email in client.get(at("_history"), {"kind": "source"}).text


# --- doubtful rows -----------------------------------------------------------------------------


def doubtful():
    published(*many(), line(5_000_000))
    return Observation.objects.get(state="flagged")


def test_doubtful_row_is_shown_within_its_distribution(client):
    row = doubtful()
    page = client.get(at("_review")).text

    assert "Far from what is usual in its cell" in page
    assert "Among 30 accepted figures" in page
    assert page.count('class="bar marked"') == 1
    assert "2025,SE" not in page
    assert f'name="row" value="{row.pk}"' in page


@pytest.mark.parametrize(
    ("decision", "why", "state"),
    [
        ("accept", "", "accepted"),
        ("reject", "no such job", "rejected"),
        ("fix", "a typo", "accepted"),
    ],
)
def test_doubtful_row_is_judged_with_a_reason(client, curator, decision, why, state):
    row = doubtful()
    said = {"row": row.pk, "decision": decision, "why": why, "currency": "USD", "unit": "year",
            "experience": "EX", "role_family": row.role_family_id}  # fmt: skip

    assert client.post(at("_review"), said).status_code == 302

    row.refresh_from_db()
    assert (row.state, row.review_note) == (state, why)
    assert row.experience == ("EX" if decision == "fix" else "SE")
    assert curator.email in client.get(at("_history"), {"kind": "row"}).text


def test_rejecting_without_a_reason_keeps_the_row(client):
    row = doubtful()
    answer = client.post(
        at("_review"), {"row": row.pk, "decision": "reject", "currency": "USD", "unit": "year"}
    )

    assert answer.status_code == 422
    assert "Say why" in answer.text
    row.refresh_from_db()
    assert row.state == "flagged"


def test_rows_alike_are_judged_at_once(client):
    row = doubtful()
    ObservationFactory.create(batch=row.batch, state="flagged", reasons=["outlier"])
    other = ObservationFactory.create(batch=row.batch, state="flagged", reasons=["no_rate"])

    client.post(
        at("_review"),
        {
            "row": row.pk,
            "decision": "reject_all",
            "why": "all wrong",
            "currency": "USD",
            "unit": "year",
        },
    )

    assert Observation.objects.filter(state="rejected").count() == 2
    other.refresh_from_db()
    assert other.state == "flagged"


def test_row_is_skipped_and_the_queue_filtered(client):
    row = doubtful()

    assert "Nothing to review" in client.get(at("_review"), {"after": row.pk}).text
    assert "Nothing to review" in client.get(at("_review"), {"reason": "no_rate"}).text
    assert "Data Analyst: $5,000,000" in client.get(at("_review"), {"source": "devops"}).text


def test_currency_of_a_whole_range_is_put_right():
    batch = published(line(140_000, currency="USD"), line(70_000, currency="USD"), key="aijobs")
    Observation.objects.filter(range_end="top").update(state="flagged", reasons=["currency_label"])
    row = batch.observations.get(range_end="top")
    ExchangeRate.objects.create(
        currency="CAD", date="2025-01-01", period="year", units_per_usd="1.4", source_title="t"
    )
    user = make_curator(email="c@example.com")[0]

    fixed = services.fix_row(row=row, changes={"currency": "CAD"}, user=user, why="label")

    assert (fixed.base_usd, fixed.benchmark_usd, fixed.midpoint) == (100_000, 75_000, 105_000)
    assert batch.observations.get(range_end="bottom").base_usd == 50_000
    assert fixed.raw.count("USD") == 1


def test_unit_is_put_right_and_judged_once():
    batch = published(line(50))
    row = batch.observations.get()
    Observation.objects.filter(pk=row.pk).update(state="flagged", reasons=["wrong_unit"])
    user = make_curator(email="c@example.com")[0]

    fixed = services.fix_row(row=row, changes={"unit": "hour"}, user=user, why="an hour")
    assert (fixed.base, fixed.benchmark_usd, fixed.amount) == (104_000, 104_000, 50)
    with pytest.raises(services.RowNotDoubtful):
        services.fix_row(row=row, changes={"unit": "year"}, user=user, why="again")


# --- titles ------------------------------------------------------------------------------------


def rule_said(**changes):
    family = RoleFamily.objects.get(key="data_analyst")
    return {"position": 5, "pattern": r"\bbagger\b", "role_family": family.pk, "confidence": "high",
            "is_active": "on", "note": "asked around", **changes}  # fmt: skip


def test_rule_shows_its_effect_before_it_is_saved(client):
    published(line(5, "Senior Bagger"), line(6, "Senior Bagger"), line(7, "Data Engineer"))
    page = at("_title_rule_new")

    answer = client.post(
        page, rule_said(), headers={"HX-Request": "true", "HX-Target": "rule-effect"}
    )

    assert "<html" not in answer.text
    assert "2 rows" in answer.text
    assert "2 had no role before" in answer.text
    assert not TitleRule.objects.filter(pattern=r"\bbagger\b").exists()
    assert "Senior Bagger" in client.get(at("_titles")).text


def test_saved_rule_maps_what_is_on_record(client):
    published(line(5, "Senior Bagger"), line(7, "Data Engineer"))

    client.post(at("_title_rule_new"), rule_said(action="save"))

    rule = TitleRule.objects.get(pattern=r"\bbagger\b")
    row = Observation.objects.get(title="Senior Bagger")
    assert (row.role_family.key, row.title_rule_id) == ("data_analyst", rule.pk)
    assert "Every title on record has a role" in client.get(at("_titles")).text


def test_rule_taken_out_of_force_gives_its_rows_to_the_next(client):
    published(line(5, "Data Engineer"), line(6, "Data Analyst"))
    rule = Observation.objects.get(title="Data Engineer").title_rule
    said = rule_said(
        position=rule.position, pattern=rule.pattern, role_family=rule.role_family_id, action="save"
    )
    said.pop("is_active")

    client.post(at("_title_rule", rule.pk), said)

    row = Observation.objects.get(title="Data Engineer")
    assert (row.role_family.key, row.title_rule.role_family.key) == (
        "generic_engineer",
        "generic_engineer",
    )
    assert Observation.objects.get(title="Data Analyst").role_family.key == "data_analyst"


@pytest.mark.parametrize(
    ("pattern", "says"),
    [("(", "not a regular expression"), ("(a+)+b", "can run forever"), ("a*", "matches every title"),
     ("((?:a|b+)*)*c", "can run forever")],
)  # fmt: skip
def test_pattern_that_is_none_is_refused(client, pattern, says):
    answer = client.post(at("_title_rule_new"), rule_said(pattern=pattern, action="save"))

    assert answer.status_code == 422
    assert says in answer.text


# --- levels ------------------------------------------------------------------------------------


def test_level_is_said_in_another_ladder_and_back(client):
    page = client.get(at("_levels"), {"source": "amazon", "label": "l6", "target": "meta"}).text

    assert "<strong>E5</strong>, which leads back to L6" in page


def test_two_levels_of_a_ladder_change_names(client):
    labels = {rung.level.key: rung.label for rung in LadderRung.objects.filter(ladder__key="meta")}
    labels |= {"L4": labels["L5"], "L5": labels["L4"], "L9": ""}

    assert client.post(at("_ladder", "meta"), labels).status_code == 302

    found = LadderRung.objects.filter(ladder__key="meta")
    assert {rung.level.key: rung.label for rung in found} == {
        key: label for key, label in labels.items() if label
    }


def test_one_name_for_two_levels_is_refused(client):
    answer = client.post(at("_ladder", "meta"), {"L4": "E4", "L5": "e4"})

    assert answer.status_code == 422
    assert "Each name must lead to one level." in answer.text


# --- contributions -----------------------------------------------------------------------------


def test_contribution_is_published_as_one_figure_and_withdrawn(client, candidate, curator):
    given = contribution(candidate)
    page = client.get(at("_contributions")).text
    assert "$100,000" in page
    assert candidate.email not in page

    client.post(at("_contributions"), {"row": given.pk, "decision": "publish"})

    given.refresh_from_db()
    row = Observation.objects.counted().get()
    assert (given.state, given.moderated_by) == ("published", curator)
    assert (row.benchmark_usd, row.contribution, row.source.key) == (
        100_000,
        given,
        "contributions",
    )

    services.withdraw_contribution(contribution=given, as_of=MOMENT)
    assert not Observation.objects.exists()


def test_contribution_is_declined_with_a_word_to_its_owner(client, candidate):
    given = contribution(candidate)
    assert (
        client.post(at("_contributions"), {"row": given.pk, "decision": "decline"}).status_code
        == 422
    )

    client.post(at("_contributions"), {"row": given.pk, "decision": "decline", "note": "twice"})

    given.refresh_from_db()
    assert (given.state, given.moderation_note) == ("declined", "twice")
    assert not Observation.objects.exists()
    client.post(at("_contributions"), {"row": given.pk, "decision": "publish"})
    assert Contribution.objects.get().state == "declined"


# --- snapshots ---------------------------------------------------------------------------------


def test_snapshots_are_asked_for_and_compared(client, curator):
    published(*many(40))
    services.refresh_benchmarks(reason="asked", clock=lambda: MOMENT)
    published(
        *[line(200_000 + 100 * step) for step in range(60)], moment=MOMENT + dt.timedelta(hours=1)
    )
    second = services.refresh_benchmarks(reason="asked", clock=lambda: MOMENT)

    page = client.get(at("_snapshot", second.pk)).text
    assert "cells whose median moved" in page
    assert "40 to 100" in page

    client.post(at("_refresh"))
    owed = BenchmarkSnapshot.objects.get(state="queued")
    assert owed.requested_by == curator
    assert "At work" in client.get(at("_snapshots")).text


# --- records -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "model",
    ["source", "importbatch", "observation", "occupationwage", "pricelevel", "titlerule",
     "ladderrung", "benchmarksnapshot", "benchmark"],
)  # fmt: skip
def test_records_are_shown_in_the_admin_and_changed_on_the_bench_alone(client, model):
    published(*many())

    assert client.get(reverse(f"admin:market_{model}_changelist")).status_code == 200
    assert client.get(reverse(f"admin:market_{model}_add")).status_code == 403


def test_what_people_were_told_is_in_no_admin(client):
    assert client.get("/admin/market/networkdatapoint/").status_code == 404
    assert client.get("/admin/market/contribution/").status_code == 404


def test_an_upload_is_in_the_history_of_who_uploaded_it(client, curator):
    file = SimpleUploadedFile("pay.csv", salaries(line(90_000)))
    client.post(at("_source", "devops"), {"file": file})

    [change] = client.get(at("_history"), {"kind": "file"}).context["changes"]
    assert (change.who, change.change) == (curator.email, "pay.csv: waiting for a worker")


def test_a_preview_names_experience_and_kind_of_each_cell(client):
    published(*many(30))
    services.refresh_benchmarks(reason="asked", clock=lambda: MOMENT)
    batch = staged(*(line(100_050 + 500 * step) for step in range(30)))

    page = client.get(at("_import", batch.pk)).text

    assert '<span class="sub">Base salary: pay that people report</span>' in page
    assert 'data-label="Level" class="text">Senior</td>' in page
    assert 'data-label="Figures">30 to 60</td>' in page
