"""The two councils of the demo and their agencies, named as in 2024."""

from dataclasses import dataclass
from datetime import date

FOUNDED = date(2004, 1, 1)  # Cần Thơ became a city under central rule; agencies of the demo are valid from then


@dataclass(frozen=True)
class CouncilText:
    """A council as its documents name it."""

    code: str
    name: str
    short_name: str
    place: str
    parent_body: str
    chair_name: str = ""
    standing_vice_chair_name: str = ""


@dataclass(frozen=True)
class AgencyText:
    """An agency in protocol order. Approval by its own leader is asked for where ``approval`` says so."""

    code: str
    name: str
    short_name: str
    abbreviation: str
    aliases: tuple[str, ...]
    approval: bool = False


CAN_THO = CouncilText(
    "can-tho",
    "Hội đồng phối hợp phổ biến, giáo dục pháp luật thành phố Cần Thơ",
    "thành phố Cần Thơ",
    "Cần Thơ",
    "Ủy ban nhân dân thành phố Cần Thơ",
    "Nguyễn Ngọc Hè",
    "Lê Việt Sĩ",
)
TIEN_GIANG = CouncilText(
    "tien-giang",
    "Hội đồng phối hợp phổ biến, giáo dục pháp luật tỉnh Tiền Giang",
    "tỉnh Tiền Giang",
    "Tiền Giang",
    "Ủy ban nhân dân tỉnh Tiền Giang",
)

CAN_THO_AGENCIES = (
    AgencyText("stp", "Sở Tư pháp thành phố Cần Thơ", "Sở Tư pháp", "STP", ("Sở TP", "STP", "Tư pháp")),
    AgencyText(
        "mttq",
        "Ủy ban Mặt trận Tổ quốc Việt Nam thành phố Cần Thơ",
        "Ủy ban MTTQ Việt Nam thành phố",
        "UBMTTQVN",
        ("UB MTTQ", "UBMTTQVN TP", "Ủy ban MTTQVN thành phố", "Mặt trận Tổ quốc thành phố", "MTTQ"),
        approval=True,
    ),
    AgencyText(
        "congan",
        "Công an thành phố Cần Thơ",
        "Công an thành phố",
        "CATP",
        ("CATP", "Công an TP", "Công an TP Cần Thơ"),
        approval=True,
    ),
    AgencyText(
        "thanhdoan",
        "Đoàn TNCS Hồ Chí Minh thành phố Cần Thơ",
        "Thành đoàn",
        "TĐTN",
        ("Thành đoàn Cần Thơ", "Thành đoàn thành phố", "Đoàn TNCS Hồ Chí Minh", "Đoàn Thanh niên thành phố"),
    ),
    AgencyText(
        "phunu",
        "Hội Liên hiệp Phụ nữ thành phố Cần Thơ",
        "Hội LHPN thành phố",
        "HLHPN",
        ("Hội LHPN", "Hội Phụ nữ", "HLHPN TP", "Hội Liên hiệp Phụ nữ thành phố"),
    ),
    AgencyText(
        "gddt",
        "Sở Giáo dục và Đào tạo thành phố Cần Thơ",
        "Sở Giáo dục và Đào tạo",
        "SGDĐT",
        ("Sở GD&ĐT", "Sở GDĐT", "SGD&ĐT", "Sở Giáo dục - Đào tạo"),
        approval=True,
    ),
    AgencyText("noivu", "Sở Nội vụ thành phố Cần Thơ", "Sở Nội vụ", "SNV", ("SNV", "Sở NV")),
    AgencyText("dantoc", "Ban Dân tộc thành phố Cần Thơ", "Ban Dân tộc", "BDT", ("BDT", "Ban Dân tộc thành phố")),
    AgencyText(
        "atgt",
        "Ban An toàn giao thông thành phố Cần Thơ",
        "Ban An toàn giao thông",
        "BATGT",
        ("Ban ATGT", "BATGT", "Ban An toàn giao thông thành phố"),
    ),
    AgencyText("luatgia", "Hội Luật gia thành phố Cần Thơ", "Hội Luật gia", "HLG", ("HLG", "Hội Luật gia TP")),
)

TIEN_GIANG_AGENCIES = (
    AgencyText("stp", "Sở Tư pháp tỉnh Tiền Giang", "Sở Tư pháp", "STP", ("Sở TP", "STP")),
    AgencyText(
        "mttq",
        "Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh Tiền Giang",
        "Ủy ban MTTQ Việt Nam tỉnh",
        "UBMTTQVN",
        ("UB MTTQ", "MTTQ tỉnh", "Ủy ban MTTQVN tỉnh"),
    ),
    AgencyText(
        "phunu",
        "Hội Liên hiệp Phụ nữ tỉnh Tiền Giang",
        "Hội LHPN tỉnh",
        "HLHPN",
        ("Hội LHPN", "Hội Liên hiệp Phụ nữ tỉnh"),
    ),
)

# Districts of Cần Thơ in 2024 and some of their wards and communes: (district, [places]).
DISTRICTS = (
    ("quận Ninh Kiều", ("phường An Khánh", "phường Xuân Khánh", "phường Hưng Lợi", "phường Cái Khế", "phường An Bình")),
    ("quận Bình Thủy", ("phường Trà Nóc", "phường Long Hòa", "phường Thới An Đông", "phường Bùi Hữu Nghĩa")),
    ("quận Cái Răng", ("phường Lê Bình", "phường Hưng Phú", "phường Thường Thạnh", "phường Ba Láng")),
    ("quận Ô Môn", ("phường Châu Văn Liêm", "phường Phước Thới", "phường Thới Long", "phường Trường Lạc")),
    ("quận Thốt Nốt", ("phường Thuận An", "phường Trung Kiên", "phường Tân Lộc", "phường Thới Thuận")),
    ("huyện Phong Điền", ("xã Nhơn Ái", "xã Giai Xuân", "xã Mỹ Khánh", "xã Trường Long")),
    ("huyện Cờ Đỏ", ("thị trấn Cờ Đỏ", "xã Thới Đông", "xã Trung An", "xã Thới Hưng")),
    ("huyện Thới Lai", ("thị trấn Thới Lai", "xã Định Môn", "xã Trường Xuân", "xã Đông Thuận")),
    ("huyện Vĩnh Thạnh", ("thị trấn Thạnh An", "xã Thạnh Quới", "xã Vĩnh Trinh", "xã Thạnh Lộc")),
)
SCHOOLS = (
    ("Trường THPT Châu Văn Liêm", "quận Ninh Kiều"),
    ("Trường THPT Bùi Hữu Nghĩa", "quận Bình Thủy"),
    ("Trường THPT Nguyễn Việt Dũng", "quận Cái Răng"),
    ("Trường THPT Lưu Hữu Phước", "quận Ô Môn"),
    ("Trường THPT Thốt Nốt", "quận Thốt Nốt"),
    ("Trường THPT Phan Văn Trị", "huyện Phong Điền"),
    ("Trường THPT Trung An", "huyện Cờ Đỏ"),
    ("Trường THPT Thới Lai", "huyện Thới Lai"),
    ("Trường THPT Vĩnh Thạnh", "huyện Vĩnh Thạnh"),
)

# Tiền Giang's districts, towns and cities in July 2024: the sites of the conference of 11/07/2024.
TIEN_GIANG_SITES = (
    "thành phố Mỹ Tho",
    "thành phố Gò Công",
    "thị xã Cai Lậy",
    "huyện Cái Bè",
    "huyện Cai Lậy",
    "huyện Châu Thành",
    "huyện Chợ Gạo",
    "huyện Gò Công Tây",
    "huyện Gò Công Đông",
    "huyện Tân Phước",
    "huyện Tân Phú Đông",
)
