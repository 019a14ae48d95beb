"""The sections of the offer form, in the order in which a letter is usually read."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from offers.forms import benefits, cash, company, dates, equity, role
from offers.forms.section import Spec

SECTIONS: Final[Mapping[str, Spec]] = MappingProxyType(
    {
        spec.slug: spec
        for spec in (
            role.SPEC,
            cash.SPEC,
            equity.SPEC,
            company.SPEC,
            benefits.SPEC,
            dates.SPEC,
        )
    }
)
