"""Sources, files and figures for tests."""

import datetime as dt
import uuid

import factory
from factory.django import DjangoModelFactory

from market.models import ImportBatch, Observation, Source

MOMENT = dt.datetime(2026, 5, 4, 12, 0, tzinfo=dt.UTC)


class SourceFactory(DjangoModelFactory):
    """A source of reported pay, read from any CSV."""

    class Meta:
        model = Source

    key = factory.Sequence(lambda n: f"source-{n}")
    name = factory.LazyAttribute(lambda source: f"Source {source.key}")
    kind = Source.Kind.SURVEY
    format = Source.Format.GENERIC
    licence = "CC0 1.0"
    attribution = factory.LazyAttribute(lambda source: source.name)


class ImportBatchFactory(DjangoModelFactory):
    """A file that was read and published."""

    class Meta:
        model = ImportBatch

    source = factory.SubFactory(SourceFactory)
    state = ImportBatch.State.PUBLISHED
    file_name = "pay.csv"
    file_hash = "0" * 64
    file_size = 1
    format = factory.SelfAttribute("source.format")
    queued_at = MOMENT
    published_at = factory.LazyAttribute(
        lambda batch: MOMENT if batch.state == ImportBatch.State.PUBLISHED else None
    )


class ObservationFactory(DjangoModelFactory):
    """A yearly salary of 100,000 US dollars in the US."""

    class Meta:
        model = Observation

    batch = factory.SubFactory(ImportBatchFactory)
    source = factory.SelfAttribute("batch.source")
    line = factory.Sequence(lambda n: n + 2)
    content_hash = factory.LazyFunction(uuid.uuid4)
    nth = 1
    raw = "a row"
    title = "Data Scientist"
    experience = "SE"
    country_code = "US"
    region = "US"
    basis = "reported"
    observed_date = dt.date(2025, 1, 1)
    amount = 100_000
    currency = "USD"
    base = factory.SelfAttribute("amount")
    base_usd = factory.SelfAttribute("amount")
    benchmark_usd = factory.SelfAttribute("base_usd")
