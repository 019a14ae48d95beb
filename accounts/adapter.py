"""How allauth behaves in this house."""

import logging
from smtplib import SMTPException
from typing import Any, Final

import qrcode  # type: ignore[import-untyped]  # comes with allauth[mfa]
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as current
from allauth.mfa.adapter import DefaultMFAAdapter
from django import forms
from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse
from qrcode.image.svg import SvgPathFillImage  # type: ignore[import-untyped]

from accounts import services
from accounts.models import User

logger = logging.getLogger(__name__)

_TOO_MANY_TRIES: Final = "Too many tries. Wait five minutes, then try again."


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Plain words, a profile for everybody, one kind of answer, mail that may fail politely."""

    error_messages: Final = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": "This account is switched off.",
        "cannot_remove_primary_email": "This is the address you sign in with, so it stays.",
        "duplicate_email": "This is already an address of your account.",
        "email_password_mismatch": (
            "That address and that password do not belong together. Check both, then try again."
        ),
        "email_taken": "There is already an account with this e-mail address.",
        "enter_current_password": "That is not your current password.",
        "incorrect_password": "That is not your password.",
        "invalid_password_reset": "That link was used before, or it is too old.",
        "rate_limited": _TOO_MANY_TRIES,
        "too_many_login_attempts": _TOO_MANY_TRIES,
    }

    def save_user(
        self, request: HttpRequest, user: User, form: forms.Form, commit: bool = True
    ) -> User:
        user = super().save_user(request, user, form, commit=False)
        return services.open_account(user=user) if commit else user

    def set_password(self, user: User, password: str) -> None:
        super().set_password(user, password)
        request = current.request
        is_own = request.user.is_authenticated and request.user.pk == user.pk
        services.end_sessions(user=user, keep=request.session.session_key if is_own else None)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send a mail; if the mail server refuses, say so on the page instead of failing it."""
        try:
            super().send_mail(template_prefix, email, context)
        except (SMTPException, OSError):
            logger.exception("mail_not_sent")
            messages.error(
                self.request, "We could not send you a mail just now. Try again in a few minutes."
            )

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:  # noqa: ARG002
        return reverse("accounts:security")

    def is_ajax(self, request: HttpRequest) -> bool:  # noqa: ARG002 -- allauth's signature
        """No page has a second form for scripts."""
        return False


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """Plain words."""

    error_messages: Final = {
        **DefaultMFAAdapter.error_messages,
        "add_email_blocked": "Switch two-step sign-in off first, then change the address.",
        "incorrect_code": (
            "That code does not fit. Codes change every 30 seconds: write the one you see now."
        ),
        "unverified_email": "Confirm your new e-mail address first, then set up the second step.",
    }

    def build_totp_svg(self, url: str) -> str:
        """Return the code to scan, black on white in dark pages too."""
        image = qrcode.make(url, image_factory=SvgPathFillImage)
        return str(image.to_string(encoding="unicode"))
