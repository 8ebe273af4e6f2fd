"""Evidence is handed out as a download only, with access checked each time."""

from flask import Blueprint, send_file
from flask.typing import ResponseReturnValue

from tracker.storage import StoredFile, path_of
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
    path = path_of(file, tracker().settings.uploads)
    return send_file(
        path.absolute(), mimetype=file.media_type, as_attachment=True, download_name=file.name
    )
