"""The names of what an index is made of, in the reader's language."""

from __future__ import annotations

from csat.model.message import msg
from csat.model.metrics import metric
from csat.model.vocabulary import VIEWPOINT_LABELS
from csat.ui.card import label
from csat.ui.language import t
from csat.ui.quality.words import dimension_name, question_words


def indicator_name(key: str, viewpoint: str = "") -> str:
    """Return the name of an indicator as the reader sees it.

    Parameters
    ----------
    viewpoint
        Named beside a question where it is another than the perception.
    """
    entry = metric(key)
    if entry.field == "dimension":
        name = dimension_name(entry.argument)
        return name if key.startswith("perception") else t(msg("Gap: {item}", item=name))
    if entry.field != "item":
        return label(entry)
    said = question_words(entry.argument)
    if viewpoint in ("", "perception"):
        return said
    return f"{said} ({t(VIEWPOINT_LABELS[viewpoint])})"
