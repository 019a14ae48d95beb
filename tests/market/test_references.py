"""What an observation refers to exists, although no foreign key is checked row by row."""

import psycopg
import pytest
from django.db import IntegrityError, connection, transaction

from market.models import Observation, RoleFamily
from tests.factories.market import ImportBatchFactory, ObservationFactory

COLUMNS = {
    "source_id": "market_source",
    "batch_id": "market_importbatch",
    "replaced_by_id": "market_importbatch",
    "contribution_id": "market_contribution",
    "role_family_id": "market_rolefamily",
    "level_id": "market_level",
    "location_id": "market_location",
    "stage_id": "market_companystage",
}
NOBODY = 987_654_321


def family():
    return RoleFamily.objects.create(key="composer", label="Composer", group="music")


def test_every_reference_of_an_observation_is_checked_here():
    unchecked = {
        field.column: field.related_model._meta.db_table
        for field in Observation._meta.concrete_fields
        if field.is_relation and not field.db_constraint and field.name != "title_rule"
    }
    assert unchecked == COLUMNS


@pytest.mark.django_db
@pytest.mark.parametrize("column", COLUMNS)
def test_a_row_that_refers_to_nothing_is_refused(column):
    row = ObservationFactory.create()

    with pytest.raises(IntegrityError, match=column), transaction.atomic():
        Observation.objects.filter(pk=row.pk).update(**{column: NOBODY})
    with pytest.raises(IntegrityError, match=column), transaction.atomic():
        ObservationFactory.create(**{column: NOBODY})
    assert Observation.objects.get() == row


@pytest.mark.django_db
def test_one_bad_row_among_good_ones_refuses_the_statement():
    row = ObservationFactory.create()
    rows = [
        ObservationFactory.build(source=row.source, batch=row.batch, content_hash=hash_)
        for hash_ in ("0" * 32, "1" * 32)
    ]
    rows[1].role_family_id = NOBODY

    with pytest.raises(IntegrityError, match="role_family_id"), transaction.atomic():
        Observation.objects.bulk_create(rows)
    assert Observation.objects.count() == 1


@pytest.mark.django_db
def test_what_a_row_refers_to_stays():
    row = ObservationFactory.create(replaced_by=ImportBatchFactory.create(), role_family=family())
    named = {column: getattr(row, column) for column in COLUMNS if getattr(row, column) is not None}
    assert {"source_id", "batch_id", "replaced_by_id", "role_family_id"} <= named.keys()

    for column, pk in named.items():
        with (
            pytest.raises(IntegrityError, match=f"named by {column}"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"DELETE FROM {COLUMNS[column]} WHERE id = %s", [pk])  # noqa: S608 -- names above
    row.delete()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM market_importbatch WHERE id = %s", [named["batch_id"]])
        assert cursor.rowcount == 1


@pytest.mark.django_db(transaction=True)
def test_what_a_row_refers_to_cannot_go_before_the_row_is_there():
    named = family()
    other = psycopg.connect(**connection.get_connection_params())
    with other, transaction.atomic():
        ObservationFactory.create(role_family=named)
        other.execute("SET lock_timeout = '200ms'")
        with pytest.raises(psycopg.errors.LockNotAvailable):
            other.execute("DELETE FROM market_rolefamily WHERE id = %s", [named.pk])
