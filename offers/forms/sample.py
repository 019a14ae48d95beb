"""The one thing a visitor may change in the example."""

from decimal import Decimal

from django import forms

from config.figures.fields import AmountField
from offers.sample import MOST


class SampleForm(forms.Form):
    """The price of the invented company, and what its investors were promised."""

    exit_proceeds = AmountField(
        label="The company is sold for",
        help_text="Type it as you would say it: 40m, $90,000,000.",
        max_value=Decimal(MOST),
    )
    is_participating = forms.BooleanField(
        label="Investors get their money back and share in the rest too", required=False
    )
