"""Who issues the report and who signs it: the council, or its standing agency (Sở Tư pháp) in its own name.

The seal decides the form (QĐ 21/2021/QĐ-TTg Điều 7.2): the chair signs under the seal of the Ủy ban nhân dân, the
standing vice chair under that of the Sở Tư pháp; the Sở's own report carries the Sở's head and number.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from agencies.vietnamese import fold_words
from reports.values import CouncilPart
from reports.wording import printable

COUNCIL, DEPARTMENT = "hoi-dong", "so"
# How each kind of signing is written (NĐ 30/2020/NĐ-CP Điều 13): a collective body "TM.", a deputy "KT.".
SIGNERS = {
    "chair": ("TM. HỘI ĐỒNG", "CHỦ TỊCH"),
    "vice": ("TM. HỘI ĐỒNG", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH THƯỜNG TRỰC", "GIÁM ĐỐC SỞ TƯ PHÁP"),
    "director": ("GIÁM ĐỐC",),
    "deputy": ("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"),
}
_OWN_NAME = ("director", "deputy")
# Academic ranks and degrees are not written before the name of the signer (NĐ 30/2020, Phụ lục I).
_ACADEMIC = re.compile(
    r"^((GS|PGS|TSKH|TS|ThS|CN|Giáo sư|Phó Giáo sư|Tiến sĩ|Thạc sĩ|Cử nhân)\b[.,]?\s*)+", re.IGNORECASE
)
# In the head the province's name belongs to the superior body alone.
_PROVINCE = re.compile(r"\s+(thành phố|tỉnh)\b.*$", re.IGNORECASE)
_ARCHIVE = re.compile(r"^lưu\s*:?\s*VT\b", re.IGNORECASE)


@dataclass(frozen=True)
class Issuer:
    """The issuing body as its documents name it."""

    heading: str  # in the head, capitals
    name: str  # inside a sentence
    code: str  # after the number
    archive: str  # the last line of the recipients


def issuer_of(council: CouncilPart, signing: str) -> Issuer:
    """The body that issues a report signed so. Raises ValueError for an unknown kind of signing."""
    if signing not in SIGNERS:
        raise ValueError(f"Không có cách ký “{signing}”: chỉ có {', '.join(SIGNERS)}.")
    if signing not in _OWN_NAME:
        heading = "HỘI ĐỒNG PHỐI HỢP PHỔ BIẾN, GIÁO DỤC PHÁP LUẬT"
        return Issuer(heading, council.name, "BC-HĐPH", "Lưu: VT, HĐPH")
    name = council.standing_agency or "Sở Tư pháp"
    code = council.standing_agency_abbreviation or "STP"
    return Issuer(_PROVINCE.sub("", name).upper(), name, f"BC-{code}", "Lưu: VT, PBGDPL")


def signing_for(issuer: str, signing: str) -> str:
    """The kind of signing when the issuer is chosen apart: kept when it is the issuer's own, else that of its head."""
    if issuer not in (COUNCIL, DEPARTMENT):
        return signing
    own = (signing in _OWN_NAME) == (issuer == DEPARTMENT)
    return signing if own else "director" if issuer == DEPARTMENT else "vice"


def signer_name(council: CouncilPart, signing: str, given: str = "") -> str:
    """The signer's name without academic titles: as given, else the council's chair or standing vice chair.

    The portal does not know the deputies of the Sở: without a given name the place stays empty.
    """
    known = {
        "chair": council.chair_name,
        "vice": council.standing_vice_chair_name,
        "director": council.standing_vice_chair_name,
    }
    return _ACADEMIC.sub("", printable(given or known.get(signing, "")).strip())


def document_number(given: str, code: str = "BC-HĐPH") -> str:
    """'15' → '15/BC-HĐPH', '5' → '05/BC-HĐPH'; a full number stays; nothing given leaves room for the clerk."""
    text = printable(given).strip().removeprefix("Số:").strip()
    figure, slash, own = text.partition("/")
    figure = figure.strip()
    figure = f"{int(figure):02d}" if figure.isdecimal() else figure
    return f"{figure or '       '}/{own.strip() if slash and own.strip() else code}"


def recipient_lines(recipients: Iterable[str], addressed: bool, archive: str = "Lưu: VT, HĐPH") -> list[str]:
    """The lines under 'Nơi nhận': '- Như trên;' first when somebody is addressed, '- Lưu: VT, HĐPH.' last."""
    names = [name.strip().lstrip("-–").strip().rstrip(".;").strip() for name in recipients]
    kept = [name for name in names if name and not fold_words(name).startswith(("luu vt", "nhu tren"))]
    own = next((name for name in names if _ARCHIVE.match(name)), "")
    last = _ARCHIVE.sub("Lưu: VT", own) or archive
    first = ["Như trên"] if addressed else []
    return [*(f"- {name};" for name in [*first, *kept]), f"- {last}."]
