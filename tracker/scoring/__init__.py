"""Points: rounds, visits, awards; a point always cites its event."""
