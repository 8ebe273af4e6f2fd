"""Who is reminded of what, on which day, and why: rules, calendar, ledger, digests."""
