"""What the questions of a program say, in each language that is known."""

from __future__ import annotations

import json

from csat.store.store import Store


def wordings(store: Store, program: str) -> dict[str, dict[str, str]]:
    """Return question -> language -> wording.

    A question known in one language only has it under ``""``; where two surveys word a question
    of the same key, the newer one speaks.
    """
    rows = store.rows(
        "SELECT i.key, i.wording, i.wordings FROM item i JOIN survey s USING (survey_id) "
        "JOIN program p ON p.program_id = s.program_id WHERE p.key = $program "
        "ORDER BY i.survey_id, i.item_no",
        {"program": program},
    )
    return {
        r["key"]: {"": r["wording"], **(json.loads(r["wordings"]) if r["wordings"] else {})}
        for r in rows
    }
