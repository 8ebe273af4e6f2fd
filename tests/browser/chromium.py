"""The system's Chromium, which the tests of pages and of their script share."""

import shutil

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
"""The shell is the same engine without windows: it takes a third of the processor's time."""
CHROMIUM = next((found for name in NAMES if (found := shutil.which(name))), None)
MISSING = "Chromium was not found. Debian: apt-get install chromium-headless-shell fonts-noto-cjk"
