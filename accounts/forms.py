"""Forms of a person's account: allauth's in the words of the house, and two of our own."""

from typing import Any, ClassVar, Final

from allauth.account import forms as account
from allauth.account.adapter import get_adapter
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from django import forms

from accounts.choices import countries, currencies
from accounts.models import Profile, User
from config.figures.fields import CardRadioSelect

_CHOOSE: Final = "Choose one from the list."
_HINT: Final = "At least 10 characters. Three or four words that you can remember do well."


class PlainWords(forms.Form):
    """Drops allauth's placeholders and repeated passwords, and sets our labels and hints."""

    words: ClassVar[dict[str, tuple[str, str]]] = {}
    """By the name of a field: its label and its hint."""
    attributes: ClassVar[dict[str, dict[str, str]]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("password2", None)
        for name, field in self.fields.items():
            field.label, field.help_text = self.words[name]
            field.widget.width = "full"
            field.widget.attrs.pop("placeholder", None)
            if getattr(field.widget, "input_type", "") == "email":
                field.widget.attrs |= {"autocapitalize": "none", "spellcheck": "false"}
            field.widget.attrs |= self.attributes.get(name, {})


class SignInForm(PlainWords, account.LoginForm):  # type: ignore[misc]  # allauth has no types
    """Address and password."""

    words = {"login": ("E-mail address", ""), "password": ("Password", "")}
    attributes = {"login": {"autocomplete": "username"}}


class SignUpForm(PlainWords, account.SignupForm):  # type: ignore[misc]
    """Address and a first password."""

    words = {
        "email": ("E-mail address", "We send one mail, to confirm that it is yours."),
        "password1": ("Password", _HINT),
    }
    attributes = {"email": {"autocomplete": "username"}}


class NewAddressForm(PlainWords, account.AddEmailForm):  # type: ignore[misc]
    """Another address to sign in with."""

    words = {
        "email": (
            "New e-mail address",
            "We send a link there. Your present address stays until you follow it.",
        )
    }


class NewPasswordForm(PlainWords, account.ChangePasswordForm):  # type: ignore[misc]
    """The password so far, and the one from now on."""

    words = {
        "oldpassword": ("Current password", ""),
        "password1": ("New password", _HINT),
    }


class FirstPasswordForm(PlainWords, account.SetPasswordForm):  # type: ignore[misc]
    """A password for an account that has none."""

    words = {"password1": ("Password", _HINT)}


class ForgottenPasswordForm(PlainWords, account.ResetPasswordForm):  # type: ignore[misc]
    """Where to send the link."""

    words = {"email": ("E-mail address", "")}
    attributes = {"email": {"autocomplete": "username"}}


class ResetPasswordForm(PlainWords, account.ResetPasswordKeyForm):  # type: ignore[misc]
    """The password from now on."""

    words = {"password1": ("New password", _HINT)}


class PasswordAgainForm(PlainWords, account.ReauthenticateForm):  # type: ignore[misc]
    """Who is there, by password."""

    words = {"password": ("Password", "")}


_DIGITS: Final = {"inputmode": "numeric", "autocapitalize": "none", "spellcheck": "false"}


class SecondStepForm(PlainWords, mfa.AuthenticateForm):  # type: ignore[misc]
    """The second step of signing in."""

    words = {"code": ("Code", "Six digits from your app, or one of your recovery codes.")}
    attributes = {"code": _DIGITS}


class SecondStepAgainForm(PlainWords, mfa.ReauthenticateForm):  # type: ignore[misc]
    """Who is there, by a code."""

    words = SecondStepForm.words
    attributes = SecondStepForm.attributes


class SecondStepSetUpForm(PlainWords, totp.ActivateTOTPForm):  # type: ignore[misc]
    """The first code of an app that was just set up."""

    words = {"code": ("Code from the app", "Six digits. They change every 30 seconds.")}
    attributes = {"code": _DIGITS}


# --- our own -----------------------------------------------------------------------------------


class ProfileForm(forms.ModelForm[Profile]):
    """What a person's comparisons start from."""

    horizon_years = forms.TypedChoiceField(
        label="Years ahead that you compare",
        help_text="Grants usually vest over four.",
        choices=[(1, "1 year"), *((years, f"{years} years") for years in range(2, 11))],
        coerce=int,
        error_messages={"invalid_choice": _CHOOSE},
    )

    class Meta:
        model = Profile
        fields = (
            "home_currency",
            "horizon_years",
            "risk_taste",
            "tax_country",
            "tax_region",
            "filing_status",
        )
        labels = {
            "home_currency": "Currency you think in",
            "risk_taste": "How do you look at private stock?",
            "tax_country": "Country where you pay tax",
            "tax_region": "State or province",
            "filing_status": "How do you file?",
        }
        help_texts = {
            "home_currency": "New comparisons start in it. Each can use another one.",
            "tax_region": "Where it changes your tax. You can leave it out.",
            "filing_status": "Used in the United States and a few other countries.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["home_currency"] = self._select("home_currency", currencies())
        self.fields["tax_country"] = self._select(
            "tax_country", (("", "Prefer not to say"), *countries())
        )
        self.fields["risk_taste"].widget = CardRadioSelect(
            choices=[(taste.value, taste.label.partition(":")[0]) for taste in Profile.RiskTaste],
            hints={
                Profile.RiskTaste.CAUTIOUS: "I count on little of it.",
                Profile.RiskTaste.BALANCED: "I count on the middle of what may happen.",
                Profile.RiskTaste.BOLD: "A long shot is worth a lot to me.",
            },
        )

    def _select(self, name: str, choices: tuple[tuple[str, str], ...]) -> forms.ChoiceField:
        plain = self.fields[name]
        return forms.ChoiceField(
            choices=choices,
            label=plain.label,
            help_text=plain.help_text,
            required=plain.required,
            error_messages={"invalid_choice": _CHOOSE},
        )


class DeleteAccountForm(forms.Form):
    """A last question before everything goes: the password."""

    password = forms.CharField(
        label="Your password",
        help_text="So that nobody else can do this for you.",
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password(self) -> str:
        """Ask allauth, which counts wrong answers together with those at sign-in."""
        password: str = self.cleaned_data["password"]
        if not get_adapter().reauthenticate(self.user, password):
            raise forms.ValidationError("That is not your password.", code="incorrect_password")
        return password
