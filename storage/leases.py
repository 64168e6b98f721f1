"""The name under which a process holds leases and jobs."""

from __future__ import annotations

import os
import secrets
import socket

LONGEST = 64  # the columns `lease_owner` and `owner`


def lease_owner() -> str:
    """host:pid:token, new at every call: says where to look whether its process lives.

    Of a long host name the end is kept, for pid and token stand there."""
    return f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(3)}"[-LONGEST:]
