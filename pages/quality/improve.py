"""Improve: what was done about what was found, and whether it worked."""

from csat.ui.empty import empty_store
from csat.ui.improve.ledger import ledger
from csat.ui.language import t
from csat.ui.view import current_view, page_head

view = current_view("read_figures")
page_head(t("Improve"), view)
if view.filters is None:
    empty_store(view.user)
else:
    ledger(view.filters.program, view)
