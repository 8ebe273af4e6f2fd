"""A web server of the bench: python -m tests.bench.server tracker|hello FOLDER.

Prints its port on loopback and stops when its stdin is closed, so it never outlives the bench.
"""

import gc
import os
import sys
import threading
from pathlib import Path
from typing import Any

from flask import Flask
from waitress import create_server

from tracker.db import Database
from tracker.settings import Settings
from tracker.web.app import create_app


def settings_of(folder: Path) -> Settings:
    """Those of the world in this folder."""
    return Settings(
        instance=folder, database_url=f"sqlite:///{folder}/tracker.db",
        secret_key="a key for the bench only", base_url="http://127.0.0.1",
    )  # fmt: skip


def hello() -> Flask:
    """The reference: a route that says hello."""
    app = Flask("hello")

    @app.get("/")
    def page() -> str:
        return "<p>Hello, World!</p>"

    return app


def main(kind: str, folder: Path) -> None:
    app: Any = hello()
    if kind == "tracker":
        settings = settings_of(folder)
        app = create_app(settings, Database(settings.database))
    server = create_server(app, host="127.0.0.1", port=0, threads=4, ident=None)
    gc.collect()
    gc.freeze()  # as tracker/serving.py does
    print(server.effective_port, flush=True)
    threading.Thread(target=_end_with_stdin, daemon=True).start()
    server.run()


def _end_with_stdin() -> None:
    sys.stdin.read()
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
