"""The file that a mail carries, fetched from the store in the moment before it is sent."""

from tracker.db import Database
from tracker.mail.compose import Attachment
from tracker.mail.message import Message
from tracker.settings import Settings
from tracker.storage import StoredFile, opened
from tracker.stores.chosen import store_of


def carried_by(database: Database, message: Message, settings: Settings) -> Attachment | None:
    """The attachment of a row, or None. Raises FileLost where it is damaged, StoreSilent where the
    store does not answer now."""
    if message.attachment_id is None:
        return None
    with database.reading() as session:
        file = session.get_one(StoredFile, message.attachment_id)
    with opened(file, store_of(settings)) as content:
        return Attachment(file.name, content.read(), file.media_type)
