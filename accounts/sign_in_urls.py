"""The pages of allauth that we offer, by allauth's own names. What is not listed does not exist."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from django.urls import path, re_path
from django.views.decorators.cache import never_cache

from accounts import views

_PAGES = {
    "account_login": ("login/", account.login),
    "account_logout": ("logout/", account.logout),
    "account_inactive": ("inactive/", account.account_inactive),
    "account_signup": ("signup/", account.signup),
    "account_reauthenticate": ("reauthenticate/", account.reauthenticate),
    "account_email": ("email/", account.email),
    "account_email_verification_sent": ("confirm-email/", account.email_verification_sent),
    "account_change_password": ("password/change/", account.password_change),
    "account_set_password": ("password/set/", account.password_set),
    "account_reset_password": ("password/reset/", account.password_reset),
    "account_reset_password_done": ("password/reset/done/", account.password_reset_done),
    "account_reset_password_from_key_done": (
        "password/reset/key/done/",
        account.password_reset_from_key_done,
    ),
    "mfa_index": ("2fa/", mfa.index),
    "mfa_authenticate": ("2fa/authenticate/", mfa.authenticate),
    "mfa_reauthenticate": ("2fa/reauthenticate/", mfa.reauthenticate),
    "mfa_activate_totp": ("2fa/totp/activate/", totp.activate_totp),
    "mfa_deactivate_totp": ("2fa/totp/deactivate/", totp.deactivate_totp),
    "mfa_view_recovery_codes": ("2fa/recovery-codes/", recovery_codes.view_recovery_codes),
    "mfa_generate_recovery_codes": (
        "2fa/recovery-codes/generate/",
        recovery_codes.generate_recovery_codes,
    ),
    "mfa_download_recovery_codes": (
        "2fa/recovery-codes/download/",
        recovery_codes.download_recovery_codes,
    ),
    "usersessions_list": ("sessions/", views.sessions),
}

urlpatterns = [
    *(path(route, never_cache(view), name=name) for name, (route, view) in _PAGES.items()),
    re_path(
        r"^confirm-email/(?P<key>[-:\w]+)/$",
        never_cache(account.confirm_email),
        name="account_confirm_email",
    ),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        never_cache(account.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
]
