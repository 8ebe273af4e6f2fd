"""The application: made once from settings and a database."""

import hashlib
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask, g, request, url_for
from flask_wtf.csrf import CSRFProtect
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

from tracker import logs, places, schema
from tracker.db import Database
from tracker.demo import world
from tracker.settings import Settings, load, secret_key
from tracker.web import errors, gate, language, navigation, safety, words
from tracker.web.asked import IdConverter
from tracker.web.blueprints import ALL
from tracker.web.context import Tracker

HERE = Path(__file__).parent


def create_app(settings: Settings, database: Database) -> Flask:
    """The web UI over one database. Raises RuntimeError for a view without policy."""
    app = Flask(
        "tracker", root_path=str(HERE.parent), static_folder=str(HERE / "static"),
        template_folder=str(places.templates()), instance_path=str(settings.instance.absolute()),
    )  # fmt: skip
    app.url_map.converters["int"] = IdConverter
    _configure(app, settings)
    app.extensions["tracker"] = Tracker(settings, database)
    CSRFProtect(app)
    language.speak(app)
    gate.stand_at(app)
    safety.harden(app)
    errors.answer_with_pages(app)
    for blueprint in ALL:
        app.register_blueprint(blueprint)
    _furnish(app)
    gate.require_policies(app)
    if settings.proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies, x_host=settings.proxies
        )
    return app


def from_environment() -> Flask:
    """The app for a WSGI server such as gunicorn. Raises SchemaError for another version's schema,
    SettingsError for the demo world where the settings say that others can reach it; where the
    server itself listens they do not say."""
    settings = load()
    logs.configure(settings.log_level)
    database = Database(settings.database)
    schema.require_current(database)
    world.keep_at_home(settings, database)
    return create_app(settings, database)


def _configure(app: Flask, settings: Settings) -> None:
    base = urlsplit(settings.address)
    app.config.update(
        SECRET_KEY=secret_key(settings),
        MAX_CONTENT_LENGTH=max(settings.upload_limit, settings.evidence_limit) + 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
        MAX_FORM_PARTS=2000,
        SESSION_COOKIE_NAME="tracker",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=base.scheme == "https",
        SEND_FILE_MAX_AGE_DEFAULT=365 * 24 * 3600,
        WTF_CSRF_TIME_LIMIT=None,
        TRUSTED_HOSTS=[
            base.hostname or "localhost",
            "localhost",
            "127.0.0.1",
            *settings.trusted_hosts,
        ],
    )
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = False


def _furnish(app: Flask) -> None:
    """What templates may use besides what a view hands them."""
    app.jinja_env.globals.update(
        static_url=static_url, csp_nonce=safety.nonce, **words.FOR_TEMPLATES
    )

    @app.context_processor
    def surroundings() -> dict[str, object]:
        actor = g.get("actor")
        return {
            "actor": actor,
            "locale": language.chosen(),
            "nav": navigation.entries(actor),
            "plan_switcher": [],
        }


@cache
def _digest(path: str) -> str:
    file = HERE / "static" / path
    return hashlib.sha256(file.read_bytes()).hexdigest()[:10] if file.is_file() else ""


def static_url(path: str) -> str:
    """The address of one of our files, changing when the file does."""
    return _static_url(path, request.script_root)


@cache
def _static_url(path: str, _root: str) -> str:
    """The same for every page under one root; each icon of a page asks for it."""
    return url_for("static", filename=path, v=_digest(path))
