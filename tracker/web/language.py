"""Which language a page is in: the person's choice of this browser, of the account, the office's."""

from collections.abc import Callable

from flask import Flask, g, has_request_context, session
from flask_babel import Babel, gettext
from markupsafe import Markup

from tracker.web.context import tracker

LOCALES = ("zh_CN", "en")


def chosen() -> str:
    """The locale of this request."""
    wanted = session.get("locale") or (g.get("actor") and g.actor.locale)
    return wanted if wanted in LOCALES else tracker().settings.locale


def forget_all_else() -> None:
    """Nothing stays in the browser but the language."""
    locale = session.get("locale")
    session.clear()
    if locale:
        session["locale"] = locale


def speak(app: Flask) -> None:
    """Set Flask-Babel up; the words in the code are Chinese, the catalogue has the English."""
    app.config["BABEL_DEFAULT_LOCALE"] = "zh_CN"
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = "translations"
    Babel(app, locale_selector=lambda: chosen() if has_request_context() else "zh_CN")
    app.jinja_env.globals["_"] = _speaker()


def _speaker() -> Callable[..., Markup]:
    """`_` for templates: what Jinja's own does, with each word of a language looked up once.

    A page of fifty rows says some six hundred words; asking Babel for each was two fifths of it.
    """
    known: dict[str, dict[tuple[str, bool], Markup]] = {}

    def say(message: str, **values: object) -> Markup:
        words: dict[tuple[str, bool], Markup] | None = g.get("words")
        if words is None:
            words = g.words = known.setdefault(chosen(), {})
        key = message, not values
        said = words.get(key)
        if said is None:
            said = Markup(gettext(message))  # noqa: S704  our own words, as Jinja takes them
            said = words[key] = said if values else said % {}
        return said % values if values else said

    return say
