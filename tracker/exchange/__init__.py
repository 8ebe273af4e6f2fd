"""Workbooks out, in the plan's own layout or as a ledger; every export is remembered."""
