"""The words of agency names, folded: abbreviations, kinds of agencies, and what names nobody in particular."""

import re

# Abbreviations of administrative Vietnamese, longest first; both sides of a comparison are written out. What may stand
# for two things ("BCH", "TĐ") is not here.
_EXPANSIONS = {
    "ubmttqvn": "uy ban mat tran to quoc",
    "ubmttq": "uy ban mat tran to quoc",
    "mttqvn": "mat tran to quoc",
    "mttq": "mat tran to quoc",
    "ubnd": "uy ban nhan dan",
    "ub": "uy ban",
    "stp": "so tu phap",
    "sgddt": "so giao duc va dao tao",
    "sgd dt": "so giao duc va dao tao",
    "gddt": "giao duc va dao tao",
    "gd va dt": "giao duc va dao tao",
    "gd dt": "giao duc va dao tao",
    "giao duc dao tao": "giao duc va dao tao",
    "snv": "so noi vu",
    "so nv": "so noi vu",
    "hlhpn": "hoi lien hiep phu nu",
    "lhpn": "lien hiep phu nu",
    "lh": "lien hiep",
    "hpn": "hoi phu nu",
    "hoi pn": "hoi phu nu",
    "lien hiep hoi phu nu": "hoi lien hiep phu nu",
    "atgt": "an toan giao thong",
    "catp": "cong an thanh pho",
    "ca tp": "cong an thanh pho",
    "ca thanh pho": "cong an thanh pho",
    "ca tinh": "cong an tinh",
    "dtn": "doan thanh nien",
    "doan tn": "doan thanh nien",
    "tncs": "thanh nien cong san",
    "hcm": "ho chi minh",
    "pbgdpl": "pho bien giao duc phap luat",
    "hdph": "hoi dong phoi hop",
    "hccb": "hoi cuu chien binh",
    "ccb": "cuu chien binh",
    "hnd": "hoi nong dan",
    "ldld": "lien doan lao dong",
    "tand": "toa an nhan dan",
    "vksnd": "vien kiem sat nhan dan",
    "ldtbxh": "lao dong thuong binh va xa hoi",
    "vhttdl": "van hoa the thao va du lich",
    "hdnd": "hoi dong nhan dan",
    "tw": "trung uong",
    "tp": "thanh pho",
    "vn": "viet nam",
}
_ABBREVIATIONS = re.compile(r"\b(" + "|".join(sorted(_EXPANSIONS, key=len, reverse=True)) + r")\b")

# Words that name nobody in particular: "các cơ quan, đơn vị có liên quan", "các sở, ban, ngành, đoàn thể thành phố".
COLLECTIVE = re.compile(
    r"\b(cac|moi|tung|nhung|tat ca|toan the) |\bhai ben\b|\b(?:co quan|don vi|to chuc|ca nhan|dia phuong|ben|nganh)"
    r"(?: co)? lien quan\b|\bso ban nganh\b|\b(?:cap|tuyen) (?:huyen|xa)\b|\bthanh vien hoi dong\b|"
    r"\b(?:uy ban nhan dan|cong an) (?:cap |quan huyen|quan $|huyen $|xa phuong|xa $|phuong $)"
)
GENERIC = frozenset(
    "co quan don vi so ban nganh doan the hoi to chuc ca nhan lien khac cac quan huyen thi xa phuong tran thanh pho "
    "tinh dia chinh tri xa hoi va o cap co so truong hoc dong phoi hop pho bien giao duc phap luat tren ban ap khu vuc "
    "cong tac chuc nang ky ket ben tham gia uy nhan dan".split()
)

# What is left of a name when only its kind or its place is said. Alone it is nobody's name: "Sở", "Ban", "thành phố".
# "Công an" and "Ủy ban nhân dân" are whole names, of which a province has one.
KINDS = frozenset(
    (
        "so|ban|nganh|hoi|phong|uy ban|doan|doan the|cuc|chi cuc|vien|trung tam|truong|co quan|don vi|to chuc|ca nhan|"
        "hoi dong|lien doan|lien hiep|lien minh|hiep hoi|van phong|dang uy|cong ty|to|nhom|bo|vu|dia phuong|"
        "thanh pho|tinh|quan|huyen|thi xa|thi tran|xa|phuong|ap|khu vuc"
    ).split("|")
)
# Whole names of which each level has one; said of many they name nobody: "các cơ quan công an".
ONE_PER_LEVEL = frozenset({"cong an", "uy ban nhan dan", "hoi dong nhan dan", "mat tran to quoc"})
_MANY = "|".join([*sorted(ONE_PER_LEVEL), "truong hoc", "truong"])
_KIND = (
    r"(?:so|ban(?! to chuc\b)|nganh|hoi|doan the|doan|phong|uy ban|co quan|don vi|ca nhan|dia phuong|"
    r"(?<!ban )(?<!phong )to chuc)"
)
_WHICH = (
    r"(?: (?:(?:co )?lien quan|khac|chuc nang|thuoc|va|thanh pho|tinh|quan|huyen|thi xa|thi tran|xa|phuong|"
    r"cap (?:tinh|thanh pho|huyen|xa)|(?:tren|o) dia ban))*"
)
# Nothing but kinds of agencies: "các sở, ban, ngành liên quan", "sở ngành thành phố", "đơn vị có liên quan".
_ONLY_KINDS = re.compile(
    rf"(?:va |cung |voi )?(?:(?:(?:tat ca )?cac|moi|tung|nhung|toan the) (?:{_MANY}|{_KIND})|"
    rf"{_KIND} (?:va )?(?:cac )?{_KIND}|{_KIND} (?:co )?lien quan|doan the|dia phuong)"
    rf"(?: (?:va )?(?:cac )?{_KIND})*{_WHICH}"
)
# How the name of another agency begins, so that "và" before it ends the name in front.
_BEGINS = re.compile(
    r"(?:cac|moi|so|ban|nganh|hoi|phong|uy ban|doan|cong an|cuc|chi cuc|vien|toa an|trung tam|truong|bo|van phong|"
    r"lien doan|lien minh|lien hiep|hiep hoi|mat tran|thanh tra|thanh doan|tinh doan|thanh uy|tinh uy|huyen uy|quan uy|"
    r"dang uy|bao hiem|bao|dai|ngan hang|kho bac|to|nhom|co quan|don vi|cong ty|benh vien|hoc vien|dai hoc|bo doi|"
    r"quan khu|thue|hai quan|cau lac bo|to chuc|doanh nghiep|dia phuong)\b"
)


def expand(words: str) -> str:
    """Folded words with their abbreviations written out: 'hoi lhpn' → 'hoi lien hiep phu nu'."""
    for _pass in range(2):  # what is written out may be another way of saying a name: "LH Hội Phụ nữ"
        words = _ABBREVIATIONS.sub(lambda match: _EXPANSIONS[match[1]], words)
    return words


def only_kinds(words: str) -> bool:
    """Whether folded words say kinds of agencies and no agency: 'cac so ban nganh lien quan'."""
    return bool(_ONLY_KINDS.fullmatch(expand(words)))


def begins_a_name(words: str) -> bool:
    """Whether folded words begin as the name of an agency does: 'so y te', not 'du lich'."""
    return bool(_BEGINS.match(expand(words)))
