"""The command that runs the dashboard."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

import csat
from csat.cli.session import configuration, opened, progress
from csat.model.message import msg
from csat.model.people import User
from csat.model.problem import UsageProblem
from csat.model.settings import Config


def serve(args: argparse.Namespace) -> int:
    """Run the dashboard; on POSIX this process becomes the server."""
    config = configuration(args)
    app = find_app(Path(csat.__file__), Path.cwd())
    _prepare(config)
    os.environ["CSAT_STORE"] = str(config.store.absolute())
    command = serve_command(app, args.address, args.port)
    os.chdir(app.parent)
    sys.stdout.flush()
    if os.name == "posix":
        os.execv(command[0], command)
    return subprocess.call(command)


def _prepare(config: Config) -> None:
    """Say now, not in the browser, that a store is in use; fill an empty one with the sample."""
    fill = config.sample != "none"
    if not config.store.exists() and not fill:
        return
    with opened(config, create=True) as store:
        if not fill:
            return
        from csat.sample_program import load_sample, needs_sample

        if needs_sample(store):
            language = config.sample_language(_locale())
            load_sample(store, User("first start", ("analyst",)), progress, language=language)


def _locale() -> str | None:
    """Return the locale of who starts the server, as the system names it."""
    return next(filter(None, map(os.environ.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), None)


def find_app(package: Path, here: Path) -> Path:
    """Return the app beside the package, else the one in the folder given.

    Raises
    ------
    UsageProblem
        When there is none.
    """
    for folder in (*package.resolve().parents, here):
        app = folder / "app.py"
        if app.is_file() and "csat" in app.read_text(encoding="utf-8", errors="replace"):
            return app
    raise UsageProblem(
        msg("There is no app.py beside the package or in {folder}", folder=here),
        msg("Run 'csat serve' in the folder that holds csat's app.py"),
    )


def serve_command(app: Path, address: str, port: int) -> list[str]:
    """Return the command that runs the dashboard.

    Examples
    --------
    >>> serve_command(Path("app.py"), "127.0.0.1", 8501)[1:5]
    ['-m', 'streamlit', 'run', 'app.py']
    """
    return [
        sys.executable,
        "-m",
        "streamlit",
        "run",
        str(app),
        "--server.address",
        address,
        "--server.port",
        str(port),
        "--server.headless",
        "true",
        "--browser.gatherUsageStats",
        "false",
    ]
