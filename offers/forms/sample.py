"""What a visitor may change in the sample: for how much its start-up is sold, and one term."""

from decimal import Decimal
from typing import Final

from django import forms

from config.figures.fields import AmountField
from offers.sample import STARTUP

# Beyond this the picture says nothing any more; no company was ever sold for it.
MOST: Final = Decimal(10) ** 11


class SampleForm(forms.Form):
    """One sale of the start-up in the sample."""

    exit_proceeds = AmountField(
        label=f"{STARTUP} is sold for",
        help_text="Type it as you would say it: 90m, $1.2b.",
        max_value=MOST,
        error_messages={"required": "Write a price, such as $250m."},
    )
    is_participating = forms.BooleanField(
        label="Series B takes its money back and then shares in the rest, up to twice what it paid",
        required=False,
    )
