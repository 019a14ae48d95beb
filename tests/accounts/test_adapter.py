"""Every word that allauth could say is ours."""

import re
from pathlib import Path

import allauth
import pytest
from django.conf import settings
from django.template.loader import get_template

from accounts.adapter import AccountAdapter, MFAAdapter

TEMPLATES = settings.BASE_DIR / "templates"
# Of sign-in by code, phone or key, and of other sites: none of them is offered.
NOT_OFFERED = re.compile(
    r"login_code|reset_code|phone|webauthn|socialaccount|confirm_login_code|request_login_code"
    r"|confirm_password_reset_code|confirm_email_verification_code|signup_by_passkey|mfa/trust"
    r"|verified_email_required|account/email\.html|email_confirm_|snippets/|/base"
    r"|sessions_logged_out"
)


def names_of_allauth(kinds):
    home = Path(allauth.__file__).parent / "templates"
    names = {
        str(path.relative_to(home))
        for app in ("account", "mfa", "usersessions")
        for path in (home / app).rglob("*")
        if path.suffix in kinds
    }
    return sorted(name for name in names if not NOT_OFFERED.search(name))


@pytest.mark.parametrize("name", names_of_allauth({".html", ".txt"}))
def test_every_template_of_allauth_that_can_be_met_is_ours(name):
    origin = Path(get_template(name).origin.name)

    assert origin.is_relative_to(TEMPLATES)


@pytest.mark.parametrize("name", [name for name in names_of_allauth({".txt"}) if "email/" in name])
def test_mails_are_plain_and_calm(name):
    text = get_template(name).template.source

    assert "!" not in text
    assert "<" not in text


def test_errors_have_no_exclamation_mark_and_no_jargon():
    sayings = [*AccountAdapter.error_messages.values(), *MFAAdapter.error_messages.values()]

    assert not [saying for saying in map(str, sayings) if "!" in saying]
