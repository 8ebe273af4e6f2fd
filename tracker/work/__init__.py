"""The closed loop: receipt, report, evidence, completion, review."""
