"""The web UI: one blueprint per noun; handlers load, call one verb, answer."""
