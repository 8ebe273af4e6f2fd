"""For whoever watches the servers: alive, and ready to serve."""

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from tracker import schema
from tracker.actor import PUBLIC
from tracker.errors import SchemaError
from tracker.web.context import tracker
from tracker.web.gate import policy

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
@policy(PUBLIC)
def alive() -> ResponseReturnValue:
    """The process answers."""
    return jsonify(status="ok")


@blueprint.get("/readyz")
@policy(PUBLIC)
def ready() -> ResponseReturnValue:
    """The database answers and has this version's schema."""
    try:
        schema.require_current(tracker().database)
    except (SchemaError, SQLAlchemyError):
        return jsonify(status="not ready"), 503
    return jsonify(status="ready")
