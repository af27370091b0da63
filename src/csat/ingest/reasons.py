"""Why a row is refused, kept as a text and read back for every language."""

from __future__ import annotations

import json

from csat.model.message import Message


def reason_text(reason: Message) -> str:
    """Write a reason as the text that `read_reason` reads back."""
    return json.dumps({"text": reason.text, "params": dict(reason.params)}, ensure_ascii=False)


def read_reason(text: str) -> Message:
    """Read a stored reason back.

    Examples
    --------
    >>> str(read_reason('{"text": "is empty", "params": {}}'))
    'is empty'
    """
    raw = json.loads(text)
    return Message(raw["text"], raw["params"])
