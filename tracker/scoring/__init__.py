"""Points: rounds and what is scored in them, awards, covert visits, rules, rankings; a point always
cites its event."""
