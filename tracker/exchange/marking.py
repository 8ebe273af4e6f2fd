"""The mark of an export: its key inside the workbook, by which a returned file finds its base."""

from openpyxl import Workbook
from openpyxl.packaging.custom import StringProperty

PROPERTY = "TrackerExport"
"""A custom document property: office programs keep it when they save."""


def mark(book: Workbook, key: str) -> None:
    """Write the export's key; the key of an earlier export that the file came from gives way."""
    properties = book.custom_doc_props
    if PROPERTY in properties.names:
        del properties[PROPERTY]
    properties.append(StringProperty(name=PROPERTY, value=key))
