"""`python -m bot`: the command line."""

import sys

if __name__ == "__main__":
    # structlog would load rich, where it is installed, for tracebacks that we do not print: 3 MB, and time to start.
    sys.modules.setdefault("rich", None)  # type: ignore[arg-type]
    from bot.cli import main

    main()
