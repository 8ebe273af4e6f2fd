"""The system's Chromium, which the tests of pages and of their script share."""

import shutil

NAMES = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM = next((found for name in NAMES if (found := shutil.which(name))), None)
MISSING = "no Chromium: apt-get install chromium fonts-noto-cjk"
