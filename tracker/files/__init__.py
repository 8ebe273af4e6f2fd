"""What a file that was sent really is: told by content, in a child process with limits.

The web never opens a sent file itself; `examining.examine` is the door.
"""
