"""Columns that rest encrypted: what stands in the database opens only with the keys of the settings.

AES-256-GCM, a fresh nonce for every value, and the name of the column bound to it, so that a value
moved to another column does not open. `LETTER_KEYS` may hold several keys: the first one closes, each
of them opens what was closed with it.
"""

import base64
import hashlib
import json
import os
from functools import lru_cache
from typing import Any, Final

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

_VERSION: Final = b"\x01"
_ID_BYTES: Final = 4
_NONCE_BYTES: Final = 12


class WrongKey(ValueError):
    """None of the keys in the settings closed this value."""


def seal(plain: bytes, *, purpose: str) -> bytes:
    """Return the bytes closed with the first key."""
    key_id, cipher = next(iter(_ciphers(tuple(settings.LETTER_KEYS)).items()))
    nonce = os.urandom(_NONCE_BYTES)
    return _VERSION + key_id + nonce + cipher.encrypt(nonce, plain, purpose.encode())


def unseal(sealed: bytes, *, purpose: str) -> bytes:
    """Return what was closed; raise `WrongKey` if its key is gone."""
    start = len(_VERSION)
    key_id, rest = sealed[start : start + _ID_BYTES], sealed[start + _ID_BYTES :]
    cipher = _ciphers(tuple(settings.LETTER_KEYS)).get(key_id)
    if cipher is None:
        raise WrongKey
    return cipher.decrypt(rest[:_NONCE_BYTES], rest[_NONCE_BYTES:], purpose.encode())


@lru_cache(maxsize=8)
def _ciphers(secrets: tuple[str, ...]) -> dict[bytes, AESGCM]:
    """Return a cipher for each secret, by the short name of its key."""
    ciphers = {}
    for secret in secrets:
        kdf = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"parley letters 1")
        key = kdf.derive(secret.encode())
        ciphers[hashlib.sha256(b"name of key" + key).digest()[:_ID_BYTES]] = AESGCM(key)
    return ciphers


class _EncryptedField(models.Field[Any, Any]):
    """A column of ciphertext; in Python it is what was closed. Nothing can be looked up by it."""

    def get_internal_type(self) -> str:
        return "BinaryField"

    def packed(self, value: Any) -> bytes:
        raise NotImplementedError

    def unpacked(self, plain: bytes) -> Any:
        raise NotImplementedError

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:  # noqa: ARG002 -- Django's signature
        return None if value is None else seal(self.packed(value), purpose=self._purpose)

    def from_db_value(self, value: Any, *_: Any) -> Any:
        return None if value is None else self.unpacked(unseal(bytes(value), purpose=self._purpose))

    @property
    def _purpose(self) -> str:
        return f"{self.model._meta.label_lower}.{self.name}"


class EncryptedTextField(_EncryptedField):
    """Text that rests encrypted."""

    def packed(self, value: str) -> bytes:
        return value.encode()

    def unpacked(self, plain: bytes) -> str:
        return plain.decode()


class EncryptedJSONField(_EncryptedField):
    """A JSON document that rests encrypted."""

    def packed(self, value: Any) -> bytes:
        return json.dumps(value, cls=DjangoJSONEncoder).encode()

    def unpacked(self, plain: bytes) -> Any:
        return json.loads(plain)


class EncryptedFileField(_EncryptedField):
    """The bytes of a file, which rest encrypted; exports show them in base64."""

    def packed(self, value: bytes) -> bytes:
        return value

    def unpacked(self, plain: bytes) -> bytes:
        return plain

    def value_from_object(self, obj: models.Model) -> str:
        content: bytes = getattr(obj, self.attname)
        return base64.b64encode(content).decode()
