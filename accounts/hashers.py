"""Hashing of passwords, one at a time in each process: it takes half a second of processor, and readers need it too."""

from __future__ import annotations

import threading

from django.contrib.auth.hashers import PBKDF2PasswordHasher

_hashing = threading.Lock()


class HashingBusy(Exception):
    """Another password is being hashed by this process; to be answered with 503 and Retry-After."""


class OneAtATimeHasher(PBKDF2PasswordHasher):
    """Django's own hasher, which refuses a second password while the first is being hashed.

    It does not wait: waiting would hold one of the few threads of the process, which readers need. What is stored is the same
    as by Django's hasher.
    """

    def encode(self, password: str, salt: str, iterations: int | None = None) -> str:
        """Return the hash of a password. Raises HashingBusy."""
        if not _hashing.acquire(blocking=False):
            raise HashingBusy
        try:
            return super().encode(password, salt, iterations)
        finally:
            _hashing.release()
