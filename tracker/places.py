"""Where the files lie that come with the code."""

from pathlib import Path

PACKAGE = Path(__file__).parent


def templates() -> Path:
    """The pages' and mails' templates: beside the packages in a checkout, inside in a wheel."""
    packed = PACKAGE / "templates"
    return packed if packed.is_dir() else PACKAGE.parent / "templates"
