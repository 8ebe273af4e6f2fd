"""The clean process that forks a child for each file; see importers/zygote.py."""

from importers import zygote
from tracker.files import child

READY = ("tracker.files.pictures", "PIL.PngImagePlugin", "PIL.JpegImagePlugin", "encodings.cp437")

if __name__ == "__main__":
    zygote.main(child.main, READY)
