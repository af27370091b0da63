"""Commands that run and look after an installation: serve, backup, check."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path

import csat
from csat.cli.exits import FINE
from csat.cli.session import configuration, opened, progress, require_file
from csat.cli.text import plain, print_json
from csat.model.message import msg
from csat.model.people import User
from csat.model.problem import CheckFailed, UsageProblem
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
    fill = config.sample == "auto"
    if not config.store.exists() and not fill:
        return
    with opened(config, create=True) as store:
        if not fill:
            return
        from csat.sample_program import load_sample, needs_sample

        if needs_sample(store):
            load_sample(store, User("first start", ("analyst",)), progress)


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


def backup(args: argparse.Namespace) -> int:
    """Write a copy of the store, and of the files it was loaded from."""
    config = configuration(args)
    target = Path(args.target)
    with opened(config) as store:
        store.backup(target)
        copied = _copy_originals(config.store.parent / "originals", target.parent / "originals")
    print(f"Backup written to {target}; {copied} original files beside it")
    return FINE


def _copy_originals(source: Path, target: Path) -> int:
    """Copy what is not there yet, each file whole or not at all; return how many were copied."""
    if not source.is_dir() or source.resolve() == target.resolve():
        return 0
    target.mkdir(parents=True, exist_ok=True)
    copied = 0
    for file in sorted(source.iterdir()):
        if file.suffix == ".part" or (target / file.name).exists():
            continue
        partial = target / f"{file.name}.part"
        shutil.copyfile(file, partial)
        partial.replace(target / file.name)
        copied += 1
    return copied


def check(args: argparse.Namespace) -> int:
    """Look for contradictions in the store."""
    from csat.store.integrity import check_path

    config = configuration(args)
    require_file(config)
    found = [plain(str(m)) for m in check_path(config.store)]
    if args.json:
        print_json({"store": str(config.store), "ok": not found, "contradictions": found})
    elif found:
        print("\n".join(found))
    else:
        print(f"{config.store}: no contradiction found")
    if found:
        raise CheckFailed(
            msg("{n} contradictions found in {path}", n=len(found), path=config.store),
            msg("Undo and load again the batches named, or go back to a backup"),
        )
    return FINE
