"""A fresh installation: benchmarks and price levels that came with it, until files are imported."""

import io
import json
from pathlib import Path

import pytest
from django.core.management import call_command

from market import services
from market.models import Benchmark, BenchmarkSnapshot, PriceLevel, RoleFamily, Source
from market.selectors import benchmark_for
from market.services.shipped import FREE, GROUPS, write_benchmarks
from tests.factories.figures import NOW, observations, published_batch
from tests.market.test_benchmarks import query

pytestmark = pytest.mark.django_db

SHIPPED = services.REFERENCE / "benchmarks.json"


def content():
    return json.loads(SHIPPED.read_text())


@pytest.mark.parametrize("role", ["ml_engineer", "ai_engineer", "research_scientist",
                                  "research_engineer", "applied_scientist", "data_scientist",
                                  "data_engineer", "mlops_ml_platform", "ai_product_manager"])  # fmt: skip
def test_a_fresh_installation_answers_for_every_ai_role(role) -> None:
    call_command("load_reference", stdout=io.StringIO())

    answer = benchmark_for(query(role_family=role, location="us", stage=""))

    assert answer.is_quotable
    assert answer.base.sources[0].licence in FREE
    assert answer.as_of.year >= 2024


def test_what_is_shipped_is_free_dated_and_named() -> None:
    shipped = content()

    assert {source["licence"] for source in shipped["sources"]} <= set(FREE)
    used = {key for row in shipped["cells"] for key in row[shipped["columns"].index("source_mix")]}
    assert used == {source["key"] for source in shipped["sources"]}
    groups = dict(RoleFamily.objects.values_list("key", "group"))
    families = {row[0].split("/")[2] for row in shipped["cells"]} - {""}
    assert {groups[family] for family in families} <= set(GROUPS)


def test_loading_again_changes_nothing() -> None:
    first = services.load_benchmarks(path=SHIPPED)
    second = services.load_benchmarks(path=SHIPPED)

    assert first == second == Benchmark.objects.count() == len(content()["cells"])
    assert BenchmarkSnapshot.objects.get().is_current


def test_what_is_written_is_loaded_as_it_was(tmp_path) -> None:
    observations(published_batch(), ({"usd": 100_000 + n} for n in range(40)))
    snapshot = services.refresh_benchmarks(reason="asked", clock=lambda: NOW)
    cells = list(Benchmark.objects.filter(snapshot=snapshot).order_by("cell_key").values())
    path = Path(tmp_path) / "benchmarks.json"
    write_benchmarks(path=path)
    BenchmarkSnapshot.objects.all().delete()

    services.load_benchmarks(path=path)

    def facts(rows):
        return [{k: v for k, v in r.items() if k not in {"id", "snapshot_id"}} for r in rows]

    assert facts(Benchmark.objects.order_by("cell_key").values()) == facts(cells)


def test_own_benchmarks_are_not_replaced_by_shipped_ones() -> None:
    observations(published_batch(), ({"usd": 100_000} for _ in range(20)))
    own = services.refresh_benchmarks(reason="asked", clock=lambda: NOW)
    BenchmarkSnapshot.objects.filter(pk=own.pk).update(finished_at=NOW)

    services.load_benchmarks(path=SHIPPED)

    assert BenchmarkSnapshot.objects.current().get() == own


def test_shipped_cells_stand_until_a_file_of_their_source_tells_of_their_role() -> None:
    services.load_benchmarks(path=SHIPPED)
    shipped = BenchmarkSnapshot.objects.get()
    is_filing = {"basis": "filing"}

    observations(
        published_batch(key="devops"), ({"usd": 9, "basis": "reported"} for _ in range(20))
    )
    kept = services.refresh_benchmarks(reason="published", clock=lambda: NOW)
    assert kept.n_cells > shipped.n_cells

    observations(published_batch(), ({"usd": 100_000} for _ in range(20)))
    own = services.refresh_benchmarks(reason="published", clock=lambda: NOW)

    assert benchmark_for(query()).base.p50 in (9, 100_000)
    ours = Benchmark.objects.filter(snapshot=own, basis="posting", source_mix__has_key="aijobs")
    theirs = Benchmark.objects.filter(snapshot=shipped, basis="posting")
    assert not ours.filter(role_family__key="ml_engineer", n__gt=20).exists()
    assert not ours.filter(role_family=None, role_group="", n__gt=20).exists()
    others = {"role_family__key": "data_scientist"}
    assert ours.filter(**others).count() == theirs.filter(**others).count() > 0
    # Filings came from another source, which nobody has published.
    assert (
        Benchmark.objects.filter(snapshot=own, **is_filing).count()
        == Benchmark.objects.filter(snapshot=shipped, **is_filing).count()
    )


def test_a_few_figures_of_another_source_do_not_take_the_place_of_many() -> None:
    services.load_benchmarks(path=SHIPPED)
    key = "posting/base/ml_engineer//SE/US////"
    shipped = Benchmark.objects.get(snapshot__is_current=True, cell_key=key)
    assert shipped.source_mix == {"aijobs": shipped.n}

    observations(published_batch(key="infosec"), ({"usd": 100_000} for _ in range(9)))
    services.refresh_benchmarks(reason="published", clock=lambda: NOW)

    cell = Benchmark.objects.get(snapshot__is_current=True, cell_key=key)
    assert (cell.n, cell.p50, cell.source_mix) == (shipped.n, shipped.p50, shipped.source_mix)

    observations(published_batch(), ({"usd": 90_000} for _ in range(30)))
    services.refresh_benchmarks(reason="published", clock=lambda: NOW)

    cell = Benchmark.objects.get(snapshot__is_current=True, cell_key=key)
    assert (cell.n, cell.source_mix) == (39, {"aijobs": 30, "infosec": 9})


def test_price_levels_come_with_their_credit() -> None:
    services.load_price_levels(path=services.REFERENCE / "price_levels.json")

    level = PriceLevel.objects.get(measure="ppp", country_code="GB")
    assert (level.year, float(level.value)) == (2024, pytest.approx(0.6642, abs=0.001))
    assert PriceLevel.objects.filter(measure="rpp_all", subdivision="CA").exists()
    assert set(PriceLevel.objects.values_list("source_title", flat=True)) == {
        "World Bank, International Comparison Program",
        "U.S. Bureau of Economic Analysis",
    }
    assert Source.objects.filter(attribution__contains="World Bank").exists()
