"""One process that serves pages and ticks; what `make run` starts."""

import gc
from collections.abc import Callable

from waitress import create_server

from tracker import timetable
from tracker.db import Database
from tracker.demo import world
from tracker.errors import SettingsError
from tracker.settings import Settings
from tracker.web.app import create_app


def serve(settings: Settings, database: Database, *, say: Callable[[str], None]) -> None:
    """Serve until stopped. Raises SettingsError for a port in use, or for the demo world where
    others can reach it."""
    world.keep_at_home(settings, database)
    app = create_app(settings, database)
    try:
        server = create_server(
            app, host=settings.host, port=settings.port, threads=settings.threads, ident=None,
            max_request_body_size=settings.upload_limit + settings.evidence_limit, channel_timeout=120,
        )  # fmt: skip
    except OSError as error:
        raise SettingsError(
            f"端口 {settings.port} 不能使用（{error.strerror}）。请用 TRACKER_PORT 换一个端口。"
        ) from error
    stop = timetable.start_background(database, settings)
    gc.collect()
    gc.freeze()
    say(f"责任任务跟踪已启动：{settings.address}\n按 Ctrl+C 停止。")
    try:
        server.run()
    finally:
        stop()
        server.close()
