"""What became of the files that were put into the inbox, as the data page shows it."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from csat.model.message import Message, msg
from csat.model.settings import Config
from csat.ui.charts import show_table
from csat.ui.language import formats, t
from csat.upkeep.receipts import Receipt, recent

_SHOWN = 10


def show_receipts() -> None:
    """Show the newest receipts of the inbox, where the installation has one."""
    inbox = Config.from_environment().inbox_folder()
    if inbox is None:
        return
    st.header(t("Inbox"), anchor=False)
    st.caption(
        t(
            msg(
                "Files put into {folder} are loaded by themselves, each into the program whose "
                "name its folder has.",
                folder=inbox,
            )
        )
    )
    found = recent(inbox, _SHOWN)
    if not found:
        return
    f = formats()
    rows = [
        [f.moment(r.at), r.file, r.program, t("loaded") if r.loaded else t("refused"), t(_said(r))]
        for r in found
    ]
    show_table(
        pd.DataFrame(
            rows, columns=[t("Taken (UTC)"), t("File"), t("Program"), t("State"), t("Details")]
        ),
        alt=t("The files taken from the inbox last, newest first"),
    )


def _said(receipt: Receipt) -> Message:
    if receipt.batch is None:
        return Message("{said}", {"said": receipt.text})
    if receipt.text:
        return msg("known as batch {batch}", batch=str(receipt.batch))
    return msg(
        "batch {batch}: {n} rows accepted, {refused} refused",
        batch=str(receipt.batch),
        n=receipt.rows_accepted,
        refused=receipt.rows_refused,
    )
