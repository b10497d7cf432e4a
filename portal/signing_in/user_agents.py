"""A browser's own name for itself, in words a person recognises."""

# The first that occurs: Edge and Cốc Cốc also say Chrome, Chrome also says Safari.
BROWSERS = (
    ("Edg", "Microsoft Edge"),
    ("coc_coc", "Cốc Cốc"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("Windows", "Windows"),
    ("Android", "điện thoại Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Mac OS", "máy Mac"),
    ("Linux", "Linux"),
)


def in_words(user_agent: str) -> str:
    """'Chrome trên Windows'; what cannot be told is said to be unknown."""
    browser = next((name for mark, name in BROWSERS if mark in user_agent), "")
    system = next((name for mark, name in SYSTEMS if mark in user_agent), "")
    return " trên ".join(filter(None, (browser or "Trình duyệt không rõ", system)))
