"""Names: the 34 provinces and cities, the agencies of one, communes, people."""

from agencies.vietnamese import fold

# slug, name, whether it is a city under central rule
PROVINCES: tuple[tuple[str, str, bool], ...] = (
    ("can-tho", "Cần Thơ", True), ("ha-noi", "Hà Nội", True), ("ho-chi-minh", "Hồ Chí Minh", True),
    ("hai-phong", "Hải Phòng", True), ("da-nang", "Đà Nẵng", True), ("hue", "Huế", True),
    ("thanh-hoa", "Thanh Hóa", False), ("nghe-an", "Nghệ An", False), ("dong-nai", "Đồng Nai", False),
    ("an-giang", "An Giang", False), ("gia-lai", "Gia Lai", False), ("dak-lak", "Đắk Lắk", False),
    ("lam-dong", "Lâm Đồng", False), ("vinh-long", "Vĩnh Long", False), ("dong-thap", "Đồng Tháp", False),
    ("phu-tho", "Phú Thọ", False), ("ninh-binh", "Ninh Bình", False), ("hung-yen", "Hưng Yên", False),
    ("bac-ninh", "Bắc Ninh", False), ("tay-ninh", "Tây Ninh", False), ("ca-mau", "Cà Mau", False),
    ("quang-ngai", "Quảng Ngãi", False), ("quang-tri", "Quảng Trị", False), ("khanh-hoa", "Khánh Hòa", False),
    ("thai-nguyen", "Thái Nguyên", False), ("lao-cai", "Lào Cai", False), ("tuyen-quang", "Tuyên Quang", False),
    ("lang-son", "Lạng Sơn", False), ("quang-ninh", "Quảng Ninh", False), ("son-la", "Sơn La", False),
    ("ha-tinh", "Hà Tĩnh", False), ("cao-bang", "Cao Bằng", False), ("dien-bien", "Điện Biên", False),
    ("lai-chau", "Lai Châu", False),
)  # fmt: skip

# code, full name, short name, letters in document numbers, asks for approval; {of} is "tỉnh Cà Mau", {kind} "tỉnh".
DEPARTMENTS: tuple[tuple[str, str, str, str, bool], ...] = (
    ("stp", "Sở Tư pháp {of}", "Sở Tư pháp", "STP", False),
    ("congan", "Công an {of}", "Công an {kind}", "CA", True),
    ("mttq", "Ủy ban Mặt trận Tổ quốc Việt Nam {of}", "Ủy ban MTTQ Việt Nam {kind}", "UBMTTQVN", True),
    ("gddt", "Sở Giáo dục và Đào tạo {of}", "Sở Giáo dục và Đào tạo", "SGDĐT", True),
    ("phunu", "Hội Liên hiệp Phụ nữ {of}", "Hội LHPN {kind}", "HLHPN", False),
    ("thanhdoan", "Đoàn TNCS Hồ Chí Minh {of}", "Đoàn Thanh niên {kind}", "ĐTN", False),
    ("noivu", "Sở Nội vụ {of}", "Sở Nội vụ", "SNV", False),
    ("bchqs", "Bộ Chỉ huy Quân sự {of}", "Bộ CHQS {kind}", "BCHQS", True),
    ("toaan", "Tòa án nhân dân {of}", "Tòa án nhân dân {kind}", "TAND", False),
    ("vks", "Viện kiểm sát nhân dân {of}", "Viện kiểm sát nhân dân {kind}", "VKSND", False),
    ("thads", "Thi hành án dân sự {of}", "Thi hành án dân sự {kind}", "THADS", False),
    ("luatgia", "Hội Luật gia {of}", "Hội Luật gia", "HLG", False),
    ("luatsu", "Đoàn Luật sư {of}", "Đoàn Luật sư", "ĐLS", False),
    ("nongdan", "Hội Nông dân {of}", "Hội Nông dân {kind}", "HND", False),
    ("cuuchienbinh", "Hội Cựu chiến binh {of}", "Hội Cựu chiến binh {kind}", "HCCB", False),
    ("liendoan", "Liên đoàn Lao động {of}", "Liên đoàn Lao động {kind}", "LĐLĐ", False),
    ("dantoc", "Sở Dân tộc và Tôn giáo {of}", "Sở Dân tộc và Tôn giáo", "SDTTG", False),
    ("atgt", "Ban An toàn giao thông {of}", "Ban An toàn giao thông", "BATGT", False),
    ("vhttdl", "Sở Văn hóa, Thể thao và Du lịch {of}", "Sở VHTTDL", "SVHTTDL", False),
    ("yte", "Sở Y tế {of}", "Sở Y tế", "SYT", False),
    ("nnmt", "Sở Nông nghiệp và Môi trường {of}", "Sở Nông nghiệp và Môi trường", "SNNMT", False),
    ("xaydung", "Sở Xây dựng {of}", "Sở Xây dựng", "SXD", False),
    ("congthuong", "Sở Công Thương {of}", "Sở Công Thương", "SCT", False),
    ("taichinh", "Sở Tài chính {of}", "Sở Tài chính", "STC", False),
    ("khcn", "Sở Khoa học và Công nghệ {of}", "Sở Khoa học và Công nghệ", "SKHCN", False),
    ("thanhtra", "Thanh tra {of}", "Thanh tra {kind}", "TTT", False),
    ("thue", "Thuế {of}", "Thuế {kind}", "THUE", False),
    ("bhxh", "Bảo hiểm xã hội {of}", "Bảo hiểm xã hội {kind}", "BHXH", False),
    ("baodai", "Báo và Phát thanh, Truyền hình {place}", "Báo và PT-TH {place}", "BPTTH", False),
    ("nguoicaotuoi", "Hội Người cao tuổi {of}", "Hội Người cao tuổi", "HNCT", False),
)  # fmt: skip

# Communes are named by two of these, as many are.
_FIRST = (
    "Tân Long Phú Vĩnh An Bình Thạnh Mỹ Hòa Đông Trung Thới Nhơn Hưng Đại Xuân Minh Quảng Yên Hiệp Phước Thuận".split()
)
_SECOND = "Lộc Phú Hưng Thành Mỹ An Hòa Lợi Thạnh Bình Thuận Châu Khánh Sơn Trạch Hải Điền Giang Quới Đức".split()

SURNAMES = "Nguyễn Trần Lê Phạm Huỳnh Hoàng Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý Trương Đinh Lâm Mai".split()
_MEN = "Văn Hữu Đức Minh Quốc Thanh Hoàng Công Trung Ngọc".split()
_WOMEN = "Thị Ngọc Thu Thanh Mỹ Kim Hồng Bích Phương Thùy".split()
_MEN_GIVEN = "Hùng Dũng Tuấn Nam Phước Kiên Hải Sơn Lộc Thái Bảo Khoa Phúc Đạt Long Quân Tâm Tài Vinh Nghĩa".split()
_WOMEN_GIVEN = "Lan Hương Trang Oanh Thúy Vy Ngân Hân Tú Ánh Nga Hạnh Cúc Yến Linh Thảo Loan Diệu Quyên Xuân".split()


def communes(count: int) -> list[str]:
    """That many different names: 'xã Tân Lộc', every sixth 'phường …'. At most 400."""
    pairs = [(first, second) for second in _SECOND for first in _FIRST if first != second]
    # By a step that visits every pair, so that the first ones do not all end alike.
    chosen: dict[str, str] = {}
    for step in range(len(pairs)):
        first, second = pairs[(step * 37) % len(pairs)]
        # Two names that differ in their tones alone would have the same address.
        chosen.setdefault(fold(f"{first} {second}"), f"{first} {second}")
    return [
        f"{'phường' if at % 6 == 0 else 'xã'} {name}" for at, name in zip(range(count), chosen.values(), strict=False)
    ]


def person(random) -> str:
    """A full name."""
    if random() < 0.5:
        return f"{_one(SURNAMES, random)} {_one(_MEN, random)} {_one(_MEN_GIVEN, random)}"
    return f"{_one(SURNAMES, random)} Thị {_one(_WOMEN[1:], random)} {_one(_WOMEN_GIVEN, random)}"


def _one(words, random):
    return words[int(random() * len(words))]
