"""Points over the cast: rounds, awards, visits, rankings."""
