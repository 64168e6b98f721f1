"""`python -m bench.serve NAME JSON`: one server under test, in this process. Started by `bench.children`."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Any

from bench.children import serve_on_own_core


def _bare(echo: bool = False) -> None:
    from bench.floors import serve_bare

    serve_bare(echo=echo)


def _flask() -> None:
    from bench.floors import serve_flask

    serve_flask()


def _product(**options: Any) -> None:
    from bench.product import serve_product

    serve_product(**options)


def _deliver(**options: Any) -> None:
    from bench.posting import deliver

    deliver(**options)


def _post(**options: Any) -> None:
    from bench.posting import post

    post(**options)


SERVERS: dict[str, Callable[..., None]] = {
    "bare": _bare, "flask": _flask, "product": _product, "deliver": _deliver, "post": _post,
}


def main(name: str, options: str) -> None:
    """Run a server until the bench closes our standard input."""
    serve_on_own_core()
    SERVERS[name](**json.loads(options))


if __name__ == "__main__":
    main(*sys.argv[1:3])
