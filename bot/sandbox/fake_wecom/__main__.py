"""`python -m bot.sandbox.fake_wecom`: the fake WeCom in a process of its own."""

from __future__ import annotations

from bot.sandbox.fake_wecom.standalone import main

if __name__ == "__main__":
    main()
