"""Scripts from a person's own facts: a pure room.

A template is words and slots (`language`), and may be saved only if every slot is known and no
figure or claim stands outside of one (`review`). A fact names the record that it comes from
(`facts`), and some records need a proof before they may be cited at all. `rendering` puts facts
into places or stops and says what is missing; `checks` reads what a person made of the result.
"""

from negotiation.scripts.checks import Checked, Doubt, LightState, Remark, check_text
from negotiation.scripts.facts import (
    CompetingOffer,
    Fact,
    FactBook,
    Item,
    MarketQuote,
    NotOnRecord,
    Source,
    figures_in,
)
from negotiation.scripts.language import Problem, Role, Script, read_script
from negotiation.scripts.rendering import Draft, Line, Segment, Stopped, render
from negotiation.scripts.review import review_template
from negotiation.scripts.situations import (
    GROUP_TITLES,
    NEEDS,
    SITUATIONS,
    Condition,
    Group,
    Light,
    Need,
    Situation,
    Standing,
    standings,
)
from negotiation.scripts.slots import (
    QUOTE,
    SLOTS,
    STATEMENT_SLOTS,
    Place,
    Slot,
    SlotKind,
    SourceKind,
)

__all__ = [
    "GROUP_TITLES",
    "NEEDS",
    "QUOTE",
    "SITUATIONS",
    "SLOTS",
    "STATEMENT_SLOTS",
    "Checked",
    "CompetingOffer",
    "Condition",
    "Doubt",
    "Draft",
    "Fact",
    "FactBook",
    "Group",
    "Item",
    "Light",
    "LightState",
    "Line",
    "MarketQuote",
    "Need",
    "NotOnRecord",
    "Place",
    "Problem",
    "Remark",
    "Role",
    "Script",
    "Segment",
    "Situation",
    "Slot",
    "SlotKind",
    "Source",
    "SourceKind",
    "Standing",
    "Stopped",
    "check_text",
    "figures_in",
    "read_script",
    "render",
    "review_template",
    "standings",
]
