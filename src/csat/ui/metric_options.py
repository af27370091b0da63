"""Every figure that a program can show, with its name."""

from __future__ import annotations

from csat.model.metrics import HEADLINES, metric
from csat.model.vocabulary import COMPANY_VIEWPOINTS
from csat.ui.cached import cached
from csat.ui.card import label
from csat.ui.language import t
from csat.ui.quality.words import question_words
from csat.ui.words import group_name


def metric_options(program: str) -> dict[str, str]:
    """Return every metric this program can show, with its name."""
    options = {k: label(metric(k)) for k in HEADLINES}
    for key in cached("dimensions", program):
        name = group_name("dimension", key)
        for family, text in (("perception", t("Perception")), ("gap", t("Gap"))):
            options[f"{family}:{key}"] = f"{text} · {name}"
    seen = set()
    for item in cached("items", program):
        if item.key not in seen and item.viewpoint not in COMPANY_VIEWPOINTS:
            seen.add(item.key)
            options[f"mean:{item.key}"] = f"{item.key} · {question_words(item.key, item.wording)}"
    return options
