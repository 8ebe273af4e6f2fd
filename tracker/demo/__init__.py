"""The demo world: a made-up county with its plans, people and a week of history."""
