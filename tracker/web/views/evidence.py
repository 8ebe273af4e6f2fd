"""Evidence is handed out as a download only, with access checked each time."""

from flask import Blueprint, send_file
from flask.typing import ResponseReturnValue

from tracker.storage import StoredFile, opened
from tracker.stores.chosen import store_of
from tracker.web import loading
from tracker.web.context import actor, reading, tracker
from tracker.web.gate import policy

blueprint = Blueprint("evidence", __name__)


@blueprint.get("/evidence/<int:evidence_id>/file")
@policy("evidence.read")
def download(evidence_id: int) -> ResponseReturnValue:
    """The file under the name it came with."""
    with reading() as session:
        found = loading.evidence(session, actor(), evidence_id)
        file = session.get_one(StoredFile, found.file_id)
    content = opened(file, store_of(tracker().settings))
    return send_file(
        content, mimetype=file.media_type, as_attachment=True, download_name=file.name
    )
