"""A new link, the passcode of one, and what mentors and the owner write."""

import re
import secrets
from collections.abc import Collection, Mapping
from typing import Any, ClassVar, Final

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError

from offers.forms.fields import LineField, PickField, TextField
from offers.models import ShareLink
from offers.selectors.sharing import HINTS, Hideable
from offers.services.sharing import LIFETIMES_DAYS

SHORTEST_PASSCODE: Final = 6
LONGEST_PASSCODE: Final = 64
# A name of one or two letters is in too many words to look for.
SHORTEST_NAME_LOOKED_FOR: Final = 3
# For so long a page may lie open before what is written on it is sent.
STAMP_LASTS_SECONDS: Final = 24 * 3600
_SALT: Final = "offers.comment-form"


class CardCheckboxes(forms.CheckboxSelectMultiple):
    """Boxes to tick as cards, each with a line that says what ticking it means."""

    is_cards = True

    def __init__(self, *, hints: Mapping[str, str]) -> None:
        super().__init__()
        self.hints = hints

    def create_option(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(*args, **kwargs)
        return {**option, "hint": self.hints.get(str(option["value"]), "")}


class ShareForm(forms.Form):
    """A link for one mentor."""

    explanations: ClassVar[dict[str, str]] = {
        "hidden": "Hiding names is not anonymity: a role, a place, a currency and the size of a "
        "round can identify a company. What you tick never leaves the server: the page is worked "
        "out without it, so nothing on it can be subtracted to find it. Contacts and notes are "
        "never shared.",
    }

    label = LineField(
        what="whom it is for, such as “Marcus”",
        label="Who it is for",
        help_text="Only you see this.",
        max_length=80,
    )
    question = TextField(
        label="Your question to them",
        help_text="Optional. It stands at the top of the page, in your words.",
        max_length=1000,
        required=False,
        rows=3,
    )
    lifetime_days = PickField(
        what="when the link ends",
        label="The link ends after",
        choices=[(str(days), "1 day" if days == 1 else f"{days} days") for days in LIFETIMES_DAYS],
        initial="7",
        help_text="You can end it earlier at any time.",
    )
    passcode = forms.CharField(
        label="Passcode",
        help_text=f"Optional, {SHORTEST_PASSCODE} characters or more. Tell it to them on another "
        "channel than the link.",
        required=False,
        strip=True,
        min_length=SHORTEST_PASSCODE,
        max_length=LONGEST_PASSCODE,
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
        error_messages={
            "min_length": f"Write {SHORTEST_PASSCODE} characters or more, or leave it empty.",
            "max_length": f"Shorten this to {LONGEST_PASSCODE} characters.",
        },
    )
    hidden = forms.MultipleChoiceField(
        label="Hide from them",
        choices=Hideable.choices,
        widget=CardCheckboxes(hints=HINTS),
        required=False,
        error_messages={"invalid_choice": "Choose from the list."},
    )
    may_comment = forms.BooleanField(
        label="They may comment",
        help_text="Plain text, beside a part of the page. Only you and whoever has this link see it.",
        initial=True,
        required=False,
    )

    nonce = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, company_names: Collection[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["nonce"].initial = secrets.token_urlsafe(16)
        self.company_names = company_names
        for name in ("question", "passcode"):
            self.fields[name].widget.attrs.pop("maxlength", None)
            self.fields[name].widget.attrs.pop("minlength", None)

    def clean(self) -> dict[str, Any]:
        """Refuse a question that names what the link is to hide."""
        question = self.cleaned_data.get("question", "")
        if Hideable.COMPANY_NAMES in self.cleaned_data.get("hidden", ()):
            named = [name for name in self.company_names if _is_named(name, question)]
            if named:
                self.add_error(
                    "question",
                    ValidationError(
                        f"Your question names {named[0]}, which this link hides. Write its letter.",
                        code="names_company",
                    ),
                )
        return self.cleaned_data

    def clean_nonce(self) -> str:
        nonce: str = self.cleaned_data["nonce"] or secrets.token_urlsafe(16)
        return nonce

    def clean_lifetime_days(self) -> int:
        return int(self.cleaned_data["lifetime_days"])


class PasscodeForm(forms.Form):
    """What was agreed on another channel."""

    passcode = forms.CharField(
        max_length=LONGEST_PASSCODE,
        widget=forms.PasswordInput({"autocomplete": "off", "spellcheck": "false"}),
        error_messages={
            "required": "Write the passcode.",
            "max_length": "That is not the passcode. Look again at how it was sent to you.",
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["passcode"].widget.attrs.pop("maxlength", None)

    def refuse(self) -> None:
        """Say that this is not the passcode."""
        self.add_error(
            "passcode", "That is not the passcode. Look again at how it was sent to you."
        )


class CommentForm(forms.Form):
    """What a mentor writes beside a part of the page.

    The stamp shows that our page was open when this was sent. It stands in for the CSRF cookie,
    which cannot work here: a page that sends no referrer posts without an origin.
    """

    author_name = LineField(what="your name", label="Your name", max_length=60)
    anchor = PickField(what="what it is about", label="About", required=False)
    body = TextField(
        label="Comment",
        help_text="Only whoever shared this page, and people with this link, will see it.",
        max_length=2000,
    )
    stamp = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, *args: Any, link: ShareLink, anchors: Collection[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.link = link
        self.fields["anchor"].choices = anchors  # type: ignore[attr-defined]
        self.fields["author_name"].widget.attrs["autocomplete"] = "name"
        self.fields["body"].error_messages["required"] = "Write your comment."

    @property
    def fresh_stamp(self) -> str:
        """Return the stamp for the page that is written now, whatever was sent before."""
        return signing.dumps(self.link.pk, salt=_SALT)

    def clean_stamp(self) -> str:
        stamp: str = self.cleaned_data["stamp"]
        try:
            signed_for = signing.loads(stamp, salt=_SALT, max_age=STAMP_LASTS_SECONDS)
        except signing.BadSignature:
            signed_for = None
        if signed_for != self.link.pk:
            raise ValidationError(
                "This page was open for a long time. Send it once more.", code="stale"
            )
        return stamp


class ReplyForm(forms.Form):
    """The owner's answer to a comment."""

    body = TextField(label="Your reply", max_length=2000, rows=3)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"].error_messages["required"] = "Write your reply."


def _is_named(name: str, text: str) -> bool:
    if len(name) < SHORTEST_NAME_LOOKED_FOR:
        return False
    return re.search(rf"\b{re.escape(name)}\b", text, re.IGNORECASE) is not None
