"""What a respondent gets: a reference that can be read out, and a hash that anyone can check."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Callable, Mapping, Sequence

from consultations.domain.answers import Answer

#: No vowels, so that no word arises, and nothing that looks like another: no 0, O, 1, I, L, 2, Z, 5, S, 8, B, 6 or G.
ALPHABET = "3479CDFHJKMNPQRTVWXY"
GROUPS, GROUP_LENGTH = 2, 4


def new_reference(choose: Callable[[Sequence[str]], str] = secrets.choice) -> str:
    """Return a reference such as "K7MP-3QRX": one of 20^8 = 25,600,000,000."""
    groups = ("".join(choose(ALPHABET) for _ in range(GROUP_LENGTH)) for _ in range(GROUPS))
    return "-".join(groups)


def read_reference(text: str) -> str:
    """Return the reference that someone means who typed it in lower case, without the hyphen or with spaces."""
    characters = "".join(char for char in text.upper() if char.isalnum())
    return "-".join(characters[start : start + GROUP_LENGTH] for start in range(0, len(characters), GROUP_LENGTH))


def canonical(answers: Mapping[str, Answer]) -> str:
    """Return the answers as canonical JSON: keys sorted, no spaces, characters unescaped."""
    return json.dumps(dict(answers), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def content_hash(answers: Mapping[str, Answer]) -> str:
    """Return the SHA-256, in hexadecimal, of the answers' canonical JSON in UTF-8."""
    return hashlib.sha256(canonical(answers).encode()).hexdigest()
