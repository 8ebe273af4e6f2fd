"""名录: departments, other names, groups; and a list of departments as a file."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlmodel import Session, col, select

from tracker.directory import upkeep
from tracker.directory.alias import Alias
from tracker.directory.department import Department, standing
from tracker.directory.group import Group, members
from tracker.errors import InputError, NotFound
from tracker.intake import directory_list
from tracker.storage import dropped_if_refused
from tracker.stores.chosen import store_of
from tracker.web.asked import ids_sent
from tracker.web.context import actor, at, reading, today, tracker, writing
from tracker.web.gate import policy

blueprint = Blueprint("directory", __name__)


@blueprint.get("/directory")
@policy("directory.read")
def index() -> ResponseReturnValue:
    """Departments with their other names, and the groups."""
    with reading() as session:
        return render_template("pages/directory/index.html", **_shown(session))


def _shown(session: Session) -> dict[str, Any]:
    departments = session.exec(standing()).all()
    groups = session.exec(select(Group).order_by(col(Group.id))).all()
    aliases: dict[int, list[Alias]] = {}
    for alias in session.exec(select(Alias).order_by(col(Alias.id))):
        aliases.setdefault(alias.department_id or 0, []).append(alias)
    return {
        "departments": departments,
        "aliases": aliases,
        "groups": [(group, session.exec(members(group, on=today())).all()) for group in groups],
    }


@blueprint.post("/directory/imports")
@policy("directory.change")
def import_list() -> ResponseReturnValue:
    """Add the departments of a list; the file is kept as it was sent."""
    file = request.files.get("file")
    if file is None or not file.filename:
        raise InputError("请选择机构名录文件。", "file")
    settings = tracker().settings
    upload = directory_list.receive(
        file.stream, name=file.filename, settings=settings, at=at(), by=actor()
    )
    with dropped_if_refused(store_of(settings)) as files, writing() as session:
        files.append(upload.file)
        done = directory_list.take_in(session, upload, by=actor(), at=at(), on=today())
    flash(
        _("新增 %(new)s 个单位，已有 %(known)s 个。", new=len(done.new), known=len(done.known)),
        "success",
    )
    target = url_for("directory.index")
    if request.headers.get("X-Upload-Progress"):
        return "", 201, {"Location": target}
    return redirect(target)


@blueprint.post("/directory/departments")
@policy("directory.change")
def add_department() -> ResponseReturnValue:
    """Add one department by hand."""
    with writing() as session:
        upkeep.add_department(session, request.form.get("name", ""), by=actor(), at=at())
    return redirect(url_for("directory.index"))


@blueprint.post("/directory/departments/<int:department_id>/aliases")
@policy("directory.change")
def add_alias(department_id: int) -> ResponseReturnValue:
    """Another name for a department."""
    with writing() as session:
        department = _known(session, department_id)
        upkeep.add_alias(session, department, request.form.get("name", ""), by=actor(), at=at())
    return redirect(url_for("directory.index"))


@blueprint.post("/directory/aliases/<int:alias_id>/removal")
@policy("directory.change")
def remove_alias(alias_id: int) -> ResponseReturnValue:
    """Forget another name; it is asked about again the next time."""
    with writing() as session:
        upkeep.remove_alias(session, alias_id, by=actor(), at=at())
    return redirect(url_for("directory.index"))


@blueprint.post("/directory/groups")
@policy("directory.change")
def add_group() -> ResponseReturnValue:
    """A group with its members from today."""
    with writing() as session:
        upkeep.add_group(
            session, request.form.get("name", ""), ids_sent("members"),
            by=actor(), at=at(), on=today(),
        )  # fmt: skip
    return redirect(url_for("directory.index"))


@blueprint.post("/directory/groups/<int:group_id>/members")
@policy("directory.change")
def set_members(group_id: int) -> ResponseReturnValue:
    """Who belongs to the group from today; who left keeps the past."""
    with writing() as session:
        upkeep.set_members(
            session, group_id, ids_sent("members"),
            by=actor(), at=at(), on=today(),
        )  # fmt: skip
    return redirect(url_for("directory.index"))


def _known(session: Session, ident: int) -> Department:
    found = session.get(Department, ident)
    if found is None:
        raise NotFound()
    return found
