"""The responsibility-matrix task tracker: plan tables in, departments' work out."""

__version__ = "0.1.0"
