"""Which cell of the market a job is compared in, and the name every cell goes by."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Self

from market.estimation.backoff import CHAIN, Step

# In a name these stand in this order, so that a cell has one name only.
_PARTS: Final = (
    "basis", "component", "role_family", "role_group", "experience", "country", "region",
    "work_arrangement", "stage", "year",
)  # fmt: skip
MODELLED: Final = "modelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """The facts by which pay is compared; an empty one is not known."""

    role_family: str = ""
    role_group: str = ""
    experience: str = ""
    country: str = ""
    region: str = ""
    work_arrangement: str = ""
    stage: str = ""

    def has(self, step: Step) -> bool:
        """Return whether every fact that the step asks for is known."""
        return all(getattr(self, key) for key in step.keys)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One component on one basis, for the facts that are not empty."""

    basis: str
    component: str
    role_family: str = ""
    role_group: str = ""
    experience: str = ""
    country: str = ""
    region: str = ""
    work_arrangement: str = ""
    stage: str = ""
    year: int | None = None

    @classmethod
    def of(
        cls,
        job: Job,
        step: Step,
        *,
        basis: str,
        component: str,
        with_stage: bool = False,
        year: int | None = None,
    ) -> Self:
        """Return the cell in which `step` of the chain looks for the job."""
        facts = {key: getattr(job, key) for key in step.keys}
        if with_stage:
            facts["stage"] = job.stage
        return cls(basis=basis, component=component, year=year, **facts)

    @property
    def key(self) -> str:
        """The name of the cell: `posting/base/ml_engineer//SE/US//remote//`."""
        return "/".join(str(getattr(self, part) or "") for part in _PARTS)

    @property
    def modelled_key(self) -> str:
        """The name of what is modelled for the cell; measured and modelled are never one row."""
        return f"{self.key}/{MODELLED}"


def chain_of(job: Job) -> Iterator[tuple[int, Step]]:
    """Yield the steps of the chain whose facts the job knows, nearest first, with their number."""
    for number, step in enumerate(CHAIN):
        if job.has(step):
            yield number, step
