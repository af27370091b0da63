"""What the index is made of: shown to everybody, changed by who may, with every version kept."""

from __future__ import annotations

import json
from collections.abc import Callable
from math import nan
from typing import Any, Final

import pandas as pd
import streamlit as st

from csat.ingest.index_definitions import (
    MOST_REASON,
    needs_reason,
    set_index,
    today_in,
    withdraw_index,
)
from csat.ingest.index_presets import index_presets
from csat.model.message import Message, msg
from csat.model.period import FIRST_YEAR, LAST_YEAR
from csat.model.problem import Problem
from csat.model.satisfaction_index import (
    MOST_LETTERS,
    IndexDefinition,
    WeightedIndicator,
    mistakes,
)
from csat.queries.facts import facts
from csat.queries.index_sources import unasked
from csat.queries.index_versions import IndexVersion, latest
from csat.queries.satisfaction_index import IndexAnswer, even_definition, indicator_keys
from csat.ui.cached import store
from csat.ui.charts import show_table
from csat.ui.inert import inert
from csat.ui.language import formats, language, t
from csat.ui.quality.index_words import indicator_name
from csat.ui.quality.words import listed
from csat.ui.view import View, current_view, show_problem

_BLANK: Final = "blank"
_NOW: Final = "now"
_EVEN: Final = "even"
_SAID: Final = "_index_said"


def definition_editor(program: str, answer: IndexAnswer, view: View) -> None:
    """Draw the definition in force, every version, and the editor for who may change it."""
    may = view.user.may("import")
    if not (answer.versions or may):
        st.caption(t("An analyst can define it here."))
        return
    said = st.session_state.pop(_SAID, None)
    with st.expander(
        t("Definition: indicators and weights"),
        icon=":material/tune:",
        expanded=bool(said) or not answer.versions,
    ):
        if said:
            st.success(said, icon=":material/check:")
        if answer.definition is not None and answer.since is not None:
            _in_force(answer.definition, answer.since)
        _versions(answer.versions)
        if may:
            _editor(program, answer, view)


def _in_force(definition: IndexDefinition, since: int) -> None:
    title = t(definition.title) if definition.title else t("Satisfaction index")
    st.markdown(f"**{inert(title)}** · {t(msg('from {year}', year=str(since)))}")
    frame = pd.DataFrame(
        {
            t("Indicator"): [indicator_name(i.metric) for i in definition.indicators],
            t("Weight"): [formats().value(i.weight, "percent") for i in definition.indicators],
            t("Best answer"): [
                t("low") if i.low_is_good else t("high") for i in definition.indicators
            ],
        }
    )
    show_table(frame, alt=title)
    kept = {"year": since, **definition.to_json()}
    st.download_button(
        t("Download as a file"),
        data=json.dumps(kept, ensure_ascii=False, indent=1),
        file_name=f"index-{since}.json",
        mime="application/json",
        icon=":material/download:",
        key="index-file",
        on_click="ignore",
    )


def _versions(versions: tuple[IndexVersion, ...]) -> None:
    """List every version, newest first."""
    counted = {v.number for v in latest(versions)}
    if not versions:
        return
    rows = [_said_of(v, v.number in counted) for v in versions]
    names = (t("From the year"), t("State"), t("Definition"), t("Kept by"), t("On"), t("Reason"))
    frame = pd.DataFrame([dict(zip(names, row, strict=True)) for row in rows])
    st.markdown(f"**{t('Every version, newest first')}**")
    show_table(frame, alt=t("Every version, newest first"))


def _said_of(version: IndexVersion, counts: bool) -> tuple[str, ...]:
    state = t("in force") if counts else t("replaced")
    what = "—"
    if version.definition is None:
        state = t("taken back")
    else:
        what = t(", ").join(
            f"{indicator_name(i.metric)} {formats().value(i.weight, 'percent')}"
            for i in version.definition.indicators
        )
    day = formats().day(version.set_at.date())
    return str(version.year), state, what, version.set_by, day, t(version.reason)


def _starts(program: str, answer: IndexAnswer) -> dict[str, tuple[str, IndexDefinition]]:
    """Return what a new version can start from."""
    found: dict[str, tuple[str, IndexDefinition]] = {}
    if answer.definition is not None:
        found[_NOW] = t("what is in force"), answer.definition
    even = even_definition(facts(store(), program))
    if even.indicators:
        found[_EVEN] = t("what is measured here, all the same"), even
    for made in index_presets():
        name = t(msg("ready-made: {name}", name=made.titles[language()]))
        found[f"preset-{made.name}"] = name, made.definition(language())
    for version in answer.versions:
        if version.definition is not None:
            day = formats().day(version.set_at.date())
            said = msg("version of {day} for {year}", day=day, year=str(version.year))
            found[f"version-{version.number}"] = t(said), version.definition
    found[_BLANK] = t("an empty table"), IndexDefinition(())
    return found


def _editor(program: str, answer: IndexAnswer, view: View) -> None:
    st.markdown(f"**{t('Define the index')}**")
    starts = _starts(program, answer)
    day = today_in(view.program.timezone if view.program else "UTC")
    known = facts(store(), program).index
    one, two, three = st.columns([2, 1, 3])
    chosen = str(
        one.selectbox(
            t("Start from"),
            list(starts),
            format_func=lambda s: starts[s][0],
            key=f"index-start-{len(answer.versions)}",
        )
    )
    first = day.year + 1 if known else _first_year(answer, program, day.year)
    year = int(
        two.number_input(
            t("From the year"), FIRST_YEAR, LAST_YEAR, first, key=f"index-year-{program}"
        )
    )
    stem = f"{program}-{len(answer.versions)}-{chosen}"
    title = three.text_input(
        t("Name"), starts[chosen][1].title, max_chars=MOST_LETTERS, key=f"index-title-{stem}"
    )
    definition = IndexDefinition(
        _table(program, starts[chosen][1], f"index-table-{stem}"), title.strip()
    )
    wrong = mistakes(definition.indicators)
    total = sum(i.weight for i in definition.indicators)
    added = formats().value(total, "percent")
    if wrong:
        st.warning("\n\n".join(t(_named(m)) for m in wrong), icon=":material/rule:")
    else:
        st.caption(t(msg("✓ The weights add up to {total}.", total=added)))
    absent = unasked(facts(store(), program), definition)
    if absent:
        names = listed(inert(indicator_name(m)) for m in absent)
        told = msg(
            "No survey asks so far: {names}. Their weight is shared out over the others, if these "
            "hold half or more.",
            names=names,
        )
        st.caption(f":material/info: {t(told)}")
    reason = ""
    own = year in dict(known)
    if needs_reason(known, year, day):
        reason = st.text_input(
            t(msg("Reason for changing {year}, which has begun", year=str(year))),
            max_chars=MOST_REASON,
            key=f"index-reason-{stem}",
            help=t(
                "An index is frozen once its year has begun, so that its change is the "
                "customers'. Choose a later year, or say why; the reason stays on record."
            ),
        )
    _buttons(program, year, definition, reason, own=own, wrong=bool(wrong))


def _first_year(answer: IndexAnswer, program: str, present: int) -> int:
    span = facts(store(), program).span
    return span.first.year if span.first is not None else present


def _table(program: str, definition: IndexDefinition, key: str) -> tuple[WeightedIndicator, ...]:
    """Draw the table of indicators and return what it says."""
    keys = [*indicator_keys(facts(store(), program)), *(i.metric for i in definition.indicators)]
    names = _names(list(dict.fromkeys(keys)))
    frame = pd.DataFrame(
        {
            "indicator": [names[i.metric] for i in definition.indicators],
            "weight": [i.weight for i in definition.indicators],
            "low": [i.low_is_good for i in definition.indicators],
        }
    ).astype({"indicator": "object", "weight": "float64", "low": "bool"})
    edited = st.data_editor(
        frame,
        num_rows="dynamic",
        hide_index=True,
        key=key,
        alt=t("Indicators and weights"),
        column_config={
            "indicator": st.column_config.SelectboxColumn(
                t("Indicator"), options=list(names.values()), required=True, width="medium"
            ),
            "weight": st.column_config.NumberColumn(
                t("Weight, %"), min_value=0.0, max_value=100.0, format="%.2f"
            ),
            "low": st.column_config.CheckboxColumn(
                t("Low is good"), help=t("Tick where a low answer is the good one."), default=False
            ),
        },
    )
    metrics = {name: metric for metric, name in names.items()}
    return tuple(
        WeightedIndicator(metrics[row["indicator"]], _weight(row["weight"]), row["low"] is True)
        for row in edited.to_dict("records")
        if row["indicator"] in metrics
    )


def _named(mistake: Message) -> Message:
    """Return what is wrong with the indicator's name in place of its key."""
    key = mistake.params.get("metric")
    if not isinstance(key, str):
        return mistake
    return Message(mistake.text, {**mistake.params, "metric": inert(indicator_name(key))})


def _weight(value: Any) -> float:
    return nan if value is None else float(value)


def _names(keys: list[str]) -> dict[str, str]:
    """Return a name for each indicator: of a question with its key, of others where needed."""
    named = {key: indicator_name(key) for key in keys}
    for key, _, item in (k.partition(":") for k in keys):
        if key == "mean" and named[f"mean:{item}"] != item:
            named[f"mean:{item}"] = f"{item} · {named[f'mean:{item}']}"
    said = list(named.values())
    return {key: f"{n} [{key}]" if said.count(n) > 1 else n for key, n in named.items()}


def _buttons(
    program: str, year: int, definition: IndexDefinition, reason: str, *, own: bool, wrong: bool
) -> None:
    user = current_view("import").user
    with st.container(horizontal=True):
        if st.button(
            t(msg("Keep for {year} and later", year=str(year))),
            type="primary",
            disabled=wrong,
            key="index-keep",
        ):
            _carry_out(
                lambda: set_index(store(), program, year, definition, user, reason),
                t(msg("The index is defined from {year} on.", year=str(year))),
            )
        if own and st.button(
            t(msg("Take back the definition of {year}", year=str(year))),
            key="index-back",
            icon=":material/undo:",
        ):
            _carry_out(
                lambda: withdraw_index(store(), program, year, user, reason),
                t(
                    msg(
                        "The definition of {year} is taken back; it stays on record.",
                        year=str(year),
                    )
                ),
            )


def _carry_out(work: Callable[[], object], said: str) -> None:
    try:
        work()
    except Problem as problem:
        show_problem(problem)
    else:
        st.session_state[_SAID] = said
        st.rerun()
