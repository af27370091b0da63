"""csat in the browser: ``streamlit run app.py``."""

import sys
from pathlib import Path

_ROOT = Path(__file__).resolve().parent
if str(_ROOT / "src") not in sys.path:
    sys.path.insert(0, str(_ROOT / "src"))

from csat.ui.shell import run  # noqa: E402 - the package lies under src

run(_ROOT)
