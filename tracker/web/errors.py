"""What a person sees when something cannot be done: what, where, and what to do next."""

import secrets
import traceback
from pathlib import Path

from flask import Flask, current_app, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException, SecurityError

from tracker import clock, errors, logs
from tracker.settings import MEGABYTE
from tracker.web import gate
from tracker.web.asked import page_of_form
from tracker.web.context import tracker

DEEPEST = 12
"""Frames of a traceback that are logged, innermost last."""
STATUS: tuple[tuple[type[errors.TrackerError], int], ...] = (
    (errors.NotFound, 404),
    (errors.FileLost, 410),
    (errors.NotKept, 507),
    (errors.StoreSilent, 503),
    (errors.Forbidden, 403),
    (errors.StepRefused, 409),
    (errors.FileRefused, 422),
    (errors.InputError, 422),
    (errors.TrackerError, 500),
)


def answer_with_pages(app: Flask) -> None:
    """Register the pages for every error."""
    app.register_error_handler(errors.TrackerError, _tracker_error)
    app.register_error_handler(CSRFError, _csrf_error)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(OperationalError, _busy)
    app.register_error_handler(Exception, _unexpected)


def page(status: int, title: str, message: str) -> ResponseReturnValue:
    """The error page; the way on leads back to where the person came from, or home."""
    g.setdefault("actor", None)
    back = page_of_form()
    return (
        render_template(
            "errors/error.html", title=title, message=message, status=status,
            next_url=back or url_for("home.front"),
            next_label=_("回到刚才的页面") if back else _("回到首页"), request_id=None,
        ),
        status,
    )  # fmt: skip


def _tracker_error(error: errors.TrackerError) -> ResponseReturnValue:
    status = next(code for kind, code in STATUS if isinstance(error, kind))
    titles = {
        404: _("没有找到"),
        403: _("不能办理"),
        409: _("这一步没有办成"),
        422: _("没有写入"),
        503: _("请稍后再试"),
        507: _("没有写入"),
    }
    return page(status, titles.get(status, _("没有办成")), error.message)


def _csrf_error(_error: CSRFError) -> ResponseReturnValue:
    if page_of_form() and gate.signed_in(clock.now()) is None:
        return gate.to_sign_in()
    return page(
        400, _("页面已过期"), _("这张表单打开太久或来自别处，没有写入。请回到页面刷新后重新提交。")
    )


def _http_error(error: HTTPException) -> ResponseReturnValue:
    code = error.code or 500
    if isinstance(error, SecurityError):
        return "这个网址不是本系统的地址。", 400, {"Content-Type": "text/plain; charset=utf-8"}
    if code == 404:
        return _tracker_error(errors.NotFound())
    if code == 413 and (request.content_length or 0) <= current_app.config["MAX_CONTENT_LENGTH"]:
        return page(413, _("文字太长"), _("表单里的文字太长，没有写入。长的内容请作为文件上传。"))
    if code == 413:
        limit = max(tracker().settings.upload_limit, tracker().settings.evidence_limit) // MEGABYTE
        return page(
            413,
            _("文件太大"),
            _("上传超过 %(limit)s MB，没有写入。请压缩或拆分后再传。", limit=limit),
        )
    if code == 405:
        return page(405, _("不能办理"), _("这个地址不能这样打开。"))
    if code == 400:
        return page(400, _("没有写入"), _("提交的内容不完整或不合规。请回到页面核对后重新提交。"))
    if code < 400:
        return error.get_response()
    return page(code, _("没有办成"), _("服务器没有完成这次请求，没有写入。请稍后再试。"))


def _busy(error: OperationalError) -> ResponseReturnValue:
    logs.get().warning("database_busy", kind=type(error.orig).__name__)
    return page(503, _("请稍后再试"), _("数据库正忙，没有写入。请过几秒再提交一次。"))


def _unexpected(error: Exception) -> ResponseReturnValue:
    """The log says where in the code; the error's own words may quote what somebody wrote."""
    ident = secrets.token_hex(4)
    frames = traceback.extract_tb(error.__traceback__)[-DEEPEST:]
    places = [f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames]
    logs.get().error("unexpected", id=ident, kind=type(error).__name__, at=places)
    return page(
        500, _("没有办成"),
        _("这一步出了意外，没有写入。请把编号 %(id)s 告诉管理员。", id=ident),
    )  # fmt: skip
