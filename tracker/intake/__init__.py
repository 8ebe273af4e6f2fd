"""How a plan comes in: upload, preview, questions, apply, undo."""
