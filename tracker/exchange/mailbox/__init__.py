"""The mailbox as a door: replies with a filled-in workbook are fetched and wait with the others."""
