"""Taking an offer to another state, and out of the world."""

from typing import Any, Final

from django import forms

from offers.models import Offer
from offers.services.offers import LEGAL_MOVES

State = Offer.State

# In the order a person meets them; the words are those of the buttons.
WORDS: Final = {
    State.WRITTEN: "The letter is here",
    State.NEGOTIATING: "I am negotiating",
    State.ACCEPTED: "I accepted",
    State.DECLINED: "I declined",
    State.WITHDRAWN: "They withdrew it",
    State.EXPIRED: "It has expired",
}


class MoveForm(forms.Form):
    """One move; only those that are legal from where the offer stands are choices."""

    to = forms.ChoiceField(
        error_messages={
            "required": "Choose what happened.",
            "invalid_choice": "The offer cannot go there from where it stands. Look again.",
        }
    )

    def __init__(self, *args: Any, offer: Offer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = self.moves_from(offer.state)  # type: ignore[attr-defined]

    @staticmethod
    def moves_from(state: str) -> list[tuple[str, str]]:
        """Return (state, words) of the legal moves, in the order a person meets them."""
        return [(to, words) for to, words in WORDS.items() if to in LEGAL_MOVES[state]]

    @property
    def first_error(self) -> str:
        return str(next(iter(self.errors.values()))[0])


class DeleteOfferForm(forms.Form):
    """A deletion is confirmed in so many words."""

    confirm = forms.BooleanField(
        label="Delete this offer and every revision of it",
        error_messages={"required": "Tick the box to delete the offer."},
    )
