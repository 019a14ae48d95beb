import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.devices import device_name

APPLE = "AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("system", "browser", "name"),
    [
        ("X11; Linux x86_64; rv:140.0", "Gecko/20100101 Firefox/140.0", "Firefox on Linux"),
        ("Windows NT 10.0", f"{APPLE} Chrome/142.0.0.0 Safari/537.36 Edg/142.0", "Edge on Windows"),
        (
            "Macintosh; Intel Mac OS X 10_15_7",
            f"{APPLE} Version/18.6 Safari/605.1",
            "Safari on Mac",
        ),
        ("X11; CrOS x86_64 14541.0.0", f"{APPLE} Chrome/142.0 Safari/537.36", "Chrome on ChromeOS"),
        (
            "iPhone; CPU iPhone OS 18_6 like Mac OS X",
            f"{APPLE} CriOS/142.0 Mobile/15E148 Safari/604.1",
            "Chrome on iPhone",
        ),
        (
            "Linux; Android 10; K",
            f"{APPLE} SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36",
            "Samsung Internet on Android",
        ),
        ("compatible", "Firefox", "Firefox"),
        ("Windows NT 10.0", "", "Windows"),
        ("compatible", "curl/8.5.0", "Unknown browser"),
    ],
)
def test_device_name_says_browser_and_system(system, browser, name):
    assert device_name(f"Mozilla/5.0 ({system}) {browser}") == name


@given(st.text())
def test_device_name_says_nothing_that_was_sent(text):
    assert len(device_name(text)) <= 60
    assert device_name("<script>" + text).isprintable()
