"""wechatpy's cipher for enterprises, without what its packages load beside it.

`wechatpy` and `wechatpy.enterprise` load their HTTP clients as soon as they are opened, and requests, urllib3 and
charset_normalizer with them: 7 MB and a tenth of a second for nothing, since we talk to WeCom through aiohttp. So
their modules are loaded from packages that were not opened, and forgotten: who imports wechatpy later gets it whole."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec, module_from_spec

_PACKAGES = ("wechatpy", "wechatpy.enterprise")


@contextmanager
def _unopened_packages() -> Iterator[None]:
    """Within, modules of wechatpy are found, but no `__init__` of its packages runs. ImportError without wechatpy."""
    for name in _PACKAGES:
        if (spec := find_spec(name)) is None:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        sys.modules[name] = module_from_spec(spec)
    try:
        yield
    finally:
        for name in [each for each in sys.modules if each.split(".")[0] == "wechatpy"]:
            del sys.modules[name]


if "wechatpy" in sys.modules:
    from wechatpy.enterprise.crypto import PrpCrypto, WeChatCrypto
else:
    with _unopened_packages():
        from wechatpy.enterprise.crypto import PrpCrypto, WeChatCrypto

__all__ = ["PrpCrypto", "WeChatCrypto"]
