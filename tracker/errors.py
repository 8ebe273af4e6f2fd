"""Every error the tracker raises on purpose.

TrackerError              says what happened, where, and what to do next
├── SettingsError         a setting is missing or wrong; names the variable
├── InputError            what was sent cannot be taken; nothing was written
│   └── FileRefused       the file itself cannot be read
├── NotKept               the disk or the server of files did not take a file; nothing was written
├── StoreSilent           the server of files did not answer; the file may be whole
├── FileLost              a file that was kept is missing or damaged
├── NotFound              not there, or not yours: the two look the same
├── Forbidden             you may see it but not do this
├── StepRefused           the step does not fit the present state
│   └── AlreadyDone       somebody was faster, or the same step came twice
│       └── SentTwice     the very same form came again; what it brought is kept
└── SchemaError           the database's schema is not this version's
"""


class TrackerError(Exception):
    """A sentence for the person who is waiting, in the office's language."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class SettingsError(TrackerError):
    """A setting is missing or wrong."""


class InputError(TrackerError):
    """What was sent cannot be taken. `field` names the form field when there is one."""

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class FileRefused(InputError):
    """The file cannot be read; `code` is the reader's word for why."""

    def __init__(self, message: str, code: str) -> None:
        super().__init__(message)
        self.code = code


class NotKept(TrackerError):
    """A file could not be put on disk."""


class FileLost(TrackerError):
    """A file that was kept is no longer there as it was."""


class StoreSilent(TrackerError):
    """The server that keeps the files cannot be asked now."""


class NotFound(TrackerError):
    """Not there or not yours."""

    def __init__(self, message: str = "没有这项内容，或者您无权查看。") -> None:
        super().__init__(message)


class Forbidden(TrackerError):
    """Seen, but not allowed."""

    def __init__(self, message: str = "您的岗位不能办理这一步。") -> None:
        super().__init__(message)


class StepRefused(TrackerError):
    """The present state does not allow this step."""


class AlreadyDone(StepRefused):
    """The step was taken before, by this click or by somebody else."""


class SentTwice(AlreadyDone):
    """The very same form came again (a double click, a page sent anew); what it brought is kept."""

    def __init__(self, message: str = "这份内容已经收到，没有重复写入。") -> None:
        super().__init__(message)


class SchemaError(TrackerError):
    """The database belongs to another version of the tracker."""
