"""The names of cells."""

from dataclasses import fields

from market.estimation import CHAIN, Cell, Job, chain_of

JOB = Job(
    role_family="ml_engineer",
    role_group="ai_ml_engineering",
    experience="SE",
    country="US",
    region="US",
    work_arrangement="remote",
    stage="series_b",
)


def test_a_cell_is_named_by_all_it_says() -> None:
    cell = Cell.of(JOB, CHAIN[0], basis="posting", component="base", year=2025)

    assert cell.key == "posting/base/ml_engineer//SE/US//remote//2025"
    assert cell.modelled_key == "posting/base/ml_engineer//SE/US//remote//2025/modelled"
    assert cell.key.count("/") == len(fields(Cell)) - 1


def test_a_step_takes_its_keys_and_no_more() -> None:
    keys = {
        Cell.of(JOB, step, basis="posting", component="base", with_stage=stage).key
        for step in CHAIN
        for stage in (False, True)
    }

    assert len(keys) == 2 * len(CHAIN)
    assert "posting/base//ai_ml_engineering/SE//US///" in keys
    assert "posting/base/ml_engineer//SE/US///series_b/" in keys


def test_a_job_takes_the_steps_whose_facts_it_knows() -> None:
    assert [number for number, _ in chain_of(JOB)] == list(range(len(CHAIN)))
    assert [number for number, _ in chain_of(Job(experience="SE", region="US"))] == [5, 7]
    assert list(chain_of(Job())) == []
