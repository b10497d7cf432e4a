"""The nastiest texts, numbers and dates: what each is, what is typed, and what the portal keeps or says."""

# One text that is everything at once: a formula, markup, a template, CSV, a header, a log line, a turned direction.
EVERYTHING = (
    "=HYPERLINK(\"http://evil.example\";cmd|'/C calc'!A0)<script>alert(1)</script><img src=x onerror=alert(2)>"
    "{{ 99991*7 }}{% debug %}${99991*7},\";\r\nFAKE: header\nBEGIN:VEVENT\u202e\u200b\x07\x1b[31m\x00\ud800%n%s' OR 1=1--"
)
COMPUTED = "699937"  # what a template or a sheet that obeyed would show

# (what it is, what is typed, what is kept of a text of several lines)
TEXTS = [
    ("ký tự NUL", "a\x00b", "ab"),
    ("ký tự điều khiển của máy in, màn hình (\\x07, \\x1b)", "a\x07\x1b[31mb", "a[31mb"),
    ("chữ lật chiều (bidi, U+202E)", "bao-cao\u202efdp", "bao-caofdp"),
    ("dấu cách không độ rộng, BOM, gạch nối mềm", "Công\u200b\ufeff\u00ad an", "Công an"),
    ("thẻ ẩn Unicode (U+E0041)", "an\U000e0041 ninh", "an ninh"),
    ("nửa cặp surrogate", "a\ud800b", "ab"),
    ("dấu tổ hợp rời (NFD)", "Hoa\u0300 giải", "Hoà giải"),
    ("dấu ngắt dòng của Word (\\x0b) và U+2028", "một\x0bhai\u2028ba", "một\nhai\nba"),
    ("hàng trăm dấu chồng lên một chữ (Zalgo)", "a" + "\u0300\u0301" * 40, None),
    ("chữ Kirin giống chữ La-tinh", "Вộ Tư pháp", "Вộ Tư pháp"),
    ("biểu tượng cảm xúc ngoài BMP", "Xong 👍", "Xong 👍"),
]
# (what it is, what is typed where a count stands)
NUMBERS = [
    ("số 40 chữ số", "9" * 40),
    ("số mũ", "1e999"),
    ("NaN, vô cực", "NaN"),
    ("số âm", "-1"),
    ("chữ số Ả Rập, toàn cỡ", "٣４"),
    ("công thức", "=1+1"),
    ("tiêm SQL", "1' OR '1'='1"),
]
DATES = [
    ("ngày không có", "31/02/2024"),
    ("năm 0", "01/01/0000"),
    ("năm 99999", "01/01/99999"),
    ("ngày kiểu Mỹ", "12/31/2024"),
    ("chữ số Ả Rập", "٠١/٠٢/٢٠٢٤"),
    ("ngày có NUL", "01/02/2024\x00"),
]
