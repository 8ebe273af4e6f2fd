"""Which language a page is in: the person's choice of this browser, of the account, the office's."""

from flask import Flask, g, has_request_context, session
from flask_babel import Babel

from tracker.web.context import tracker

LOCALES = ("zh_CN", "en")


def chosen() -> str:
    """The locale of this request."""
    wanted = session.get("locale") or (g.get("actor") and g.actor.locale)
    return wanted if wanted in LOCALES else tracker().settings.locale


def speak(app: Flask) -> None:
    """Set Flask-Babel up; the words in the code are Chinese, the catalogue has the English."""
    app.config["BABEL_DEFAULT_LOCALE"] = "zh_CN"
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = "translations"
    Babel(app, locale_selector=lambda: chosen() if has_request_context() else "zh_CN")
