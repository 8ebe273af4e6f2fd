"""Workbooks coming back: what each cell said, says in the file, and says here now, merged cell by cell."""
