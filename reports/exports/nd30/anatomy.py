"""Which paragraph of an administrative document is which component (thể thức), found by words and place, never by look:
a component that looks wrong must still be recognised, so that its own rule can say so.
"""

import re
from dataclasses import dataclass, field

from agencies.vietnamese import fold_words
from reports.exports.nd30.reading import Paragraph, Table, WordFile

# Kinds of named administrative documents (NĐ 30/2020 Điều 7), folded.
KINDS = {
    "nghi quyet", "quyet dinh", "chi thi", "quy che", "quy dinh", "thong cao", "thong bao", "huong dan",
    "chuong trinh", "ke hoach", "phuong an", "de an", "du an", "bao cao", "bien ban", "to trinh", "hop dong",
    "cong dien", "ban ghi nho", "ban thoa thuan", "giay uy quyen", "giay moi", "giay gioi thieu", "giay nghi phep",
    "phieu gui", "phieu chuyen", "phieu bao",
}  # fmt: skip
_NUMBER = re.compile(r"^\s*Số\s*:", re.IGNORECASE)
_DATE = re.compile(r"ngày.*tháng.*năm", re.IGNORECASE)
_NUMBERED = re.compile(r"^([IVXL]+|\d{1,2}(?:\.\d{1,2})*)\.\s+\S|^([a-zđ])\)\s+\S")
_ANNEX = re.compile(r"^phu luc( [ivxlc]+| \d+)?$")
_URGENCY = {"mat", "toi mat", "tuyet mat", "khan", "thuong khan", "hoa toc"}
_SIGNING = re.compile(r"^(tm|kt|tl|tuq|q)\.?\s|^(chu tich|giam doc|truong ban|thu truong)", re.IGNORECASE)


@dataclass
class Annex:
    """One annex: its number, its title, the line that says to what it belongs."""

    number: Paragraph
    title: list[Paragraph] = field(default_factory=list)
    attached: Paragraph | None = None


@dataclass
class Anatomy:
    """The components of one document; None or empty where there is none."""

    file: WordFile
    nation: Paragraph | None = None
    motto: Paragraph | None = None
    parent: list[Paragraph] = field(default_factory=list)
    issuer: list[Paragraph] = field(default_factory=list)
    number: Paragraph | None = None
    place: Paragraph | None = None
    urgency: list[Paragraph] = field(default_factory=list)
    draft: bool = False
    kind: Paragraph | None = None
    subject: list[Paragraph] = field(default_factory=list)
    addressee: Paragraph | None = None
    bases: list[Paragraph] = field(default_factory=list)
    headings: list[Paragraph] = field(default_factory=list)
    body: list[Paragraph] = field(default_factory=list)
    signature: Table | None = None
    titles: list[Paragraph] = field(default_factory=list)
    gap: float = 0.0  # points of room between the titles and the name
    signer: Paragraph | None = None
    recipients_title: Paragraph | None = None
    recipients: list[Paragraph] = field(default_factory=list)
    annexes: list[Annex] = field(default_factory=list)
    data_tables: list[Table] = field(default_factory=list)
    annex_section: int = 10_000  # the section in which the first annex begins


def anatomy(file: WordFile) -> Anatomy:
    """Recognise the components of a document."""
    found = Anatomy(file)
    last = _head(found)
    last = _title(found, last)
    end = _ending(found)
    _annexes(found, end)
    _body(found, last, end)
    found.data_tables = [
        table for table in file.tables if table.ruled and table is not found.signature and table.depth == 0
    ]
    return found


def _at(found: Anatomy, paragraph: Paragraph) -> int:
    return next(index for index, known in enumerate(found.file.paragraphs) if known is paragraph)


def _head(found: Anatomy) -> int:
    """The components above the title; returns the index of the first paragraph below them."""
    paragraphs = found.file.paragraphs
    first_kind = next((at for at, given in enumerate(paragraphs[:40]) if _is_kind(given)), None)
    table = paragraphs[0].cell[0] if paragraphs and paragraphs[0].cell else None
    if table is not None:
        head = [given for given in paragraphs if given.cell and given.cell[0] == table]
    else:
        head = paragraphs[: first_kind if first_kind is not None else 12]
    left: list[Paragraph] = []
    for given in head:
        words = fold_words(given.words)
        if words.startswith("cong hoa xa hoi chu nghia"):
            found.nation = given
        elif "doc lap" in words and "hanh phuc" in words:
            found.motto = given
        elif found.number is None and _NUMBER.match(given.text):
            found.number = given
        elif found.place is None and _DATE.search(given.text):
            found.place = given
        elif words in _URGENCY:
            found.urgency.append(given)
        elif words == "du thao":
            found.draft = True
        elif given.words:
            left.append(given)
    nation = found.nation or found.motto
    if nation is not None and nation.cell:
        left = [given for given in left if given.cell and given.cell[2] != nation.cell[2]]
    if found.number is not None:
        left = [given for given in left if _at(found, given) < _at(found, found.number)]
    found.parent, found.issuer = _issuers(left)
    if table is not None:
        return _at(found, head[-1]) + 1
    return first_kind if first_kind is not None else len(head)


def _issuers(left: list[Paragraph]) -> tuple[list[Paragraph], list[Paragraph]]:
    """The lines of the superior body and those of the issuing body."""
    if len(left) < 2:
        return [], left
    bold = [bool(given.visible) and all(run.look.bold for run in given.visible) for given in left]
    if True in bold[1:] and not bold[0]:
        at = bold.index(True)
    elif bold[0] and not fold_words(left[0].words).startswith(("uy ban nhan dan", "hoi dong nhan dan")):
        return [], left
    elif bold[0]:
        # "ỦY BAN NHÂN DÂN / TỈNH …" issues itself; followed by a department it is the superior body.
        own = re.compile(r"^(so|ban|phong|chi cuc|trung tam|hoi dong|van phong|cong an)\b")
        at = next((at for at, given in enumerate(left) if own.match(fold_words(given.words))), 0)
    else:
        at = len(left) - 1
    return left[:at], left[at:]


def _is_kind(given: Paragraph) -> bool:
    return given.cell is None and fold_words(given.words) in KINDS


def numbering(given: Paragraph) -> str:
    """The number a paragraph begins with: 'II', '1', '1.2', 'a'; '' for none."""
    match = _NUMBERED.match(given.words)
    return (match[1] or match[2]) if match else ""


def _title(found: Anatomy, begin: int) -> int:
    """Kind, subject, addressee; returns the index of the first paragraph below them."""
    paragraphs, at = found.file.paragraphs, begin
    while at < len(paragraphs) and not paragraphs[at].words and not has_line(paragraphs[at]):
        at += 1
    if at < len(paragraphs) and _is_kind(paragraphs[at]):
        found.kind = paragraphs[at]
        at += 1
    while at < len(paragraphs):
        given = paragraphs[at]
        words = fold_words(given.words)
        if (not given.words and has_line(given)) or given.cell or words.startswith(("kinh gui", "can cu")):
            break
        if numbering(given) or (found.subject and given.layout.align != "center"):
            break
        if given.words:
            found.subject.append(given)
        at += 1
    for index in range(at, min(at + 4, len(paragraphs))):
        if fold_words(paragraphs[index].words).startswith("kinh gui"):
            found.addressee, at = paragraphs[index], index + 1
    return at


def _ending(found: Anatomy) -> int:
    """Signature and recipients; returns the index of the first paragraph of that block."""
    paragraphs = found.file.paragraphs
    candidates = [table for table in found.file.tables if table.depth == 0 and table.index > 0 and not table.ruled]
    for table in candidates:
        texts = [fold_words(given.words) for given in table.paragraphs]
        if any(text.startswith(("noi nhan", "luu vt")) or _SIGNING.match(text) for text in texts):
            found.signature = table
            break
    if found.signature is None:
        return _loose_ending(found)
    cells: dict[int, list[Paragraph]] = {}
    for given in found.signature.paragraphs:
        cells.setdefault(given.cell[2], []).append(given)
    for cell in cells.values():
        texts = [fold_words(given.words) for given in cell]
        if any(text.startswith(("noi nhan", "luu vt", "nhu tren")) for text in texts):
            filled = [given for given in cell if given.words]
            named = bool(filled) and fold_words(filled[0].words).startswith("noi nhan")
            found.recipients_title = filled[0] if named else None
            found.recipients = filled[1:] if named else filled
        elif any(texts):
            _signature(found, cell)
    return _at(found, found.signature.paragraphs[0]) if found.signature.paragraphs else len(paragraphs)


def _loose_ending(found: Anatomy) -> int:
    """Recipients and signature that stand in no table."""
    paragraphs = found.file.paragraphs
    at = next((at for at, given in enumerate(paragraphs) if fold_words(given.words).startswith("noi nhan")), None)
    if at is None:
        return len(paragraphs)
    found.recipients_title = paragraphs[at]
    for given in paragraphs[at + 1 :]:
        if given.words and not given.words.startswith("-"):
            break
        if given.words:
            found.recipients.append(given)
    return at


def _signature(found: Anatomy, cell: list[Paragraph]) -> None:
    filled = [at for at, given in enumerate(cell) if given.words]
    gaps = [(cell[a].cell is not None and b - a, a, b) for a, b in zip(filled, filled[1:], strict=False)]
    widest = max(gaps, default=(0, 0, 0))
    if widest[0] > 1:
        _many, above, below = widest
        found.titles = [cell[at] for at in filled if at <= above]
        found.signer = cell[below]
        found.gap = sum(_height(given) for given in cell[above + 1 : below])
    else:
        # No empty line: the name is what is not written in capitals.
        *titles, last = [cell[at] for at in filled]
        is_name = bool(titles) and last.words != last.words.upper()
        found.titles, found.signer = ([*titles], last) if is_name else ([*titles, last], None)
        found.gap = 0.0 if is_name else sum(_height(given) for given in cell[filled[-1] + 1 :])
    if found.signer is not None:
        above = found.titles[-1].layout.after if found.titles else 0
        found.gap += above + found.signer.layout.before


def _height(given: Paragraph) -> float:
    """The height of an empty paragraph in points."""
    size = max((run.look.size for run in given.runs), default=14.0)
    layout = given.layout
    line = layout.line * size * 1.15 if layout.line_rule == "auto" else layout.line
    return layout.before + line + layout.after


def _annexes(found: Anatomy, end: int) -> None:
    paragraphs = found.file.paragraphs
    starts = [
        at
        for at, given in enumerate(paragraphs)
        if at >= end and given.cell is None and _ANNEX.match(fold_words(given.words))
    ]
    for at in starts:
        annex = Annex(paragraphs[at])
        for given in paragraphs[at + 1 : at + 8]:
            if given.cell or given.has_drawing:
                break
            if fold_words(given.words).startswith("kem theo"):
                annex.attached = given
                break
            if given.words:
                annex.title.append(given)
        if annex.attached is None:
            annex.title = annex.title[:1]
        found.annexes.append(annex)
    if starts:
        found.annex_section = paragraphs[starts[0]].section


def has_line(given: Paragraph) -> bool:
    """Whether the paragraph shows a horizontal line: a border of its own, or a drawn one."""
    return bool(given.lines_drawn) or bool(given.layout.borders & {"top", "bottom", "between"})


def _body(found: Anatomy, begin: int, end: int) -> None:
    blocks = [given for given in found.file.paragraphs[begin:end]]
    captions = {id(given) for given in _beside_tables(found)}
    leading = True
    for given in blocks:
        if given.cell or not given.words or id(given) in captions:
            continue
        if leading and fold_words(given.words).startswith("can cu"):
            found.bases.append(given)
        elif _is_heading(given):
            leading = False
            found.headings.append(given)
        else:
            leading = False
            found.body.append(given)


def _is_heading(given: Paragraph) -> bool:
    """A numbered title: by its style, a Roman numeral, or bold letters."""
    styled = given.style.casefold().startswith("heading")
    number = numbering(given)
    if styled:
        return True
    if not number:
        return False
    bold = bool(given.visible) and all(run.look.bold for run in given.visible)
    return bold or (number.isupper() and given.words == given.words.upper())


def _beside_tables(found: Anatomy) -> list[Paragraph]:
    """Captions above and notes below the tables and charts of the body: they are laid out in their own way."""
    beside: list[Paragraph] = []
    order = found.file.order
    for at, block in enumerate(order):
        shows = isinstance(block, Table) or block.has_drawing
        if not shows:
            continue
        for above in reversed(order[:at]):
            if isinstance(above, Table) or (above.words and above.layout.align != "center"):
                break
            if above.words:
                beside.append(above)
        for below in order[at + 1 :]:
            if isinstance(below, Table) or not fold_words(below.words).startswith(("ghi chu", "nguon")):
                break
            beside.append(below)
    return beside
