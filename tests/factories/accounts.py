"""People for tests, each with an address that was confirmed."""

import factory
from allauth.account.models import EmailAddress
from factory.django import DjangoModelFactory

from accounts.models import Profile, User

PASSWORD = "correct horse battery staple"


class EmailAddressFactory(DjangoModelFactory):
    """An address as allauth knows it, confirmed."""

    class Meta:
        model = EmailAddress

    verified = True
    primary = True


class ProfileFactory(DjangoModelFactory):
    """What a person's comparisons start from."""

    class Meta:
        model = Profile


class UserFactory(DjangoModelFactory):
    """A person who has signed up, confirmed the address and can sign in with `PASSWORD`."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person-{n}@example.com")
    password = factory.django.Password(PASSWORD)
    profile = factory.RelatedFactory(ProfileFactory, factory_related_name="user")
    address = factory.RelatedFactory(
        EmailAddressFactory, factory_related_name="user", email=factory.SelfAttribute("..email")
    )
