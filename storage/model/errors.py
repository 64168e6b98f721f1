"""What can go wrong, as a tree. A `UserError` is a polite Chinese sentence for the person in the chat.

    Error
    ├── UserError            the text is shown as it is; nothing was written
    │   ├── NotFound         not there, or not yours: the same words for both
    │   ├── NotAllowed       the role may not do this
    │   ├── Invalid          a value fails a check; says how to mend it
    │   └── Conflict         someone else changed the record in between
    ├── Unavailable          database busy, locked or full: keep the message and try again
    └── Corrupt              a sealed value or an audit row that fails its proof
"""


class Error(Exception):
    """Root of everything this product raises on purpose."""


class UserError(Error):
    """A mistake the user can mend. `str(error)` is the Chinese sentence to show."""


class NotFound(UserError):
    """The record does not exist or lies outside the reader's scope; both read the same."""


class NotAllowed(UserError):
    """The reader's role may not do this."""


class Invalid(UserError):
    """A value fails its check. `field` is its dictionary name, for forms that go on asking."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class Conflict(UserError):
    """The record was changed by someone else since it was read."""

    def __init__(self, message: str = "这条记录刚刚被别人改过，请重新查看后再改。") -> None:
        super().__init__(message)


class Unavailable(Error):
    """The database is locked, full or away. Whatever was being done is safe to try again."""


class Corrupt(Error):
    """A sealed value or audit row does not prove itself: wrong key, moved, or tampered with."""
