import subprocess
import sys

_SEES = """
import sys
from bot.crypto import WeChatCrypto
assert WeChatCrypto.__module__ == "wechatpy.enterprise.crypto"
loaded = {name.split(".")[0] for name in sys.modules}
print(sorted(loaded & {"requests", "urllib3", "charset_normalizer", "xmltodict", "wechatpy"}))
import wechatpy, wechatpy.enterprise
print(wechatpy.__version__, wechatpy.WeChatClient.__name__, wechatpy.enterprise.create_reply.__name__)
"""


def test_the_cipher_comes_without_the_http_client_and_wechatpy_is_whole_for_who_asks_later():
    seen = subprocess.run([sys.executable, "-c", _SEES], capture_output=True, text=True, check=True).stdout
    assert seen.splitlines() == ["[]", "1.8.18 WeChatClient create_reply"]
