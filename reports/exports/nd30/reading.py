"""A Word file as the rules see it: paragraphs in reading order with their real look, tables, sections, headers."""

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from reports.exports.nd30.formatting import Layout, Letters, Styles, W
from reports.exports.word_package import MAIN_PART, WordPackage, open_word

R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_V = "{urn:schemas-microsoft-com:vml}"
_PAGE = re.compile(r"^\s*PAGE\b", re.IGNORECASE)
_EMU_PER_MM = 36000
_SNIPPET = 60


@dataclass(frozen=True)
class Run:
    """Letters of one look."""

    text: str
    look: Letters


@dataclass
class Paragraph:
    """One paragraph: its text, runs, place. ``cell`` is (table, row, column) or None; ``room`` its width in mm."""

    element: Any
    runs: tuple[Run, ...]
    layout: Layout
    style: str
    section: int
    cell: tuple[int, int, int] | None
    room: float
    lines_drawn: tuple[float, ...] = ()  # lengths in mm of lines drawn in it
    has_drawing: bool = False
    page_field: bool = False

    @cached_property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)

    @property
    def words(self) -> str:
        """The text without outer space, inner space single."""
        return " ".join(self.text.split())

    @property
    def snippet(self) -> str:
        """The beginning of the text, to name the place."""
        words = self.words
        return words if len(words) <= _SNIPPET else words[: _SNIPPET - 1].rstrip() + "…"

    @cached_property
    def visible(self) -> tuple[Run, ...]:
        """Its runs that show letters."""
        return tuple(run for run in self.runs if run.text.strip() and not run.look.hidden)

    def sizes(self) -> set[float]:
        return {run.look.size for run in self.visible}

    @property
    def upper(self) -> bool:
        """Whether all of it shows in capitals."""
        return all(run.look.caps or run.text == run.text.upper() for run in self.visible)


@dataclass
class Table:
    """One table: its rows, the width of its grid, whether it shows lines."""

    element: Any
    index: int
    section: int
    room: float
    width: float
    ruled: bool
    rows: list[Any]
    depth: int
    paragraphs: list[Paragraph] = field(default_factory=list)


@dataclass(frozen=True)
class Header:
    """The header or footer of one kind that a section shows."""

    paragraphs: tuple[Paragraph, ...]

    @property
    def page_numbers(self) -> list[Paragraph]:
        return [paragraph for paragraph in self.paragraphs if paragraph.page_field]


@dataclass(frozen=True)
class Section:
    """One section: size and margins in millimetres, headers and footers as shown (inherited ones included)."""

    index: int
    width: float
    height: float
    orient: str
    margins: dict[str, float]
    title_page: bool
    number_format: str
    headers: dict[str, Header]
    footers: dict[str, Header]
    blocks: tuple[Any, ...]

    @property
    def landscape(self) -> bool:
        return self.width > self.height

    @property
    def room(self) -> float:
        """The width of its text."""
        return self.width - self.margins["left"] - self.margins["right"]


class WordFile:
    """A .docx opened for checking. Raises NotWord when it is none."""

    def __init__(self, content: bytes):
        self.package: WordPackage = open_word(content)
        self.relations = self.package.relations()
        self.styles = Styles(self._styles_root())
        body = self.package.xml(MAIN_PART).find(f"{W}body")
        self.paragraphs: list[Paragraph] = []
        self.tables: list[Table] = []
        self.sections: list[Section] = []
        self.order: list[Paragraph | Table] = []  # the blocks of the body itself
        self._read(list(body) if body is not None else [])

    def _styles_root(self):
        for kind, target, outside in self.relations.values():
            if kind == "styles" and not outside:
                return self.package.xml(self.package.target(MAIN_PART, target))
        return None

    def _read(self, blocks: list) -> None:
        blocks = [inner for block in blocks for inner in (_content(block) if block.tag == f"{W}sdt" else [block])]
        begin, shown = 0, ({}, {})
        for at, block in enumerate(blocks):
            properties = block if block.tag == f"{W}sectPr" else block.find(f"{W}pPr/{W}sectPr")
            if properties is None and at < len(blocks) - 1:
                continue
            section = self._section(properties, tuple(blocks[begin : at + 1]), shown)
            shown = (section.headers, section.footers)
            self.sections.append(section)
            for inner in section.blocks:
                if inner.tag == f"{W}p":
                    self.order.append(self._paragraph(inner, section.index, None, section.room, None))
                elif inner.tag == f"{W}tbl":
                    self.order.append(self._table(inner, section.index, section.room, 0))
            begin = at + 1

    def _section(self, properties, blocks: tuple, shown) -> Section:
        def attribute(name: str, attr: str, default: str = "") -> str:
            element = properties.find(f"{W}{name}") if properties is not None else None
            return (element.get(f"{W}{attr}") or default) if element is not None else default

        def length(name: str, attr: str, default: str) -> float:
            return self.styles.millimetres(attribute(name, attr, default), f"w:{name} w:{attr}")

        title = properties.find(f"{W}titlePg") if properties is not None else None
        headers, footers = dict(shown[0]), dict(shown[1])
        for name, into in (("headerReference", headers), ("footerReference", footers)):
            for reference in properties.iter(f"{W}{name}") if properties is not None else ():
                into[reference.get(f"{W}type") or "default"] = self._header(reference.get(f"{R}id"))
        return Section(
            index=len(self.sections),
            width=length("pgSz", "w", "12240"),
            height=length("pgSz", "h", "15840"),
            orient=attribute("pgSz", "orient", "portrait"),
            margins={side: length("pgMar", side, "1440") for side in ("top", "bottom", "left", "right")},
            title_page=title is not None and title.get(f"{W}val") not in ("0", "false", "off"),
            number_format=attribute("pgNumType", "fmt", "decimal"),
            headers=headers,
            footers=footers,
            blocks=blocks,
        )

    def _header(self, relation: str | None) -> Header:
        kind, target, outside = self.relations.get(relation or "", ("", "", True))
        if outside:
            return Header(())
        root = self.package.xml(self.package.target(MAIN_PART, target))
        kept = (self.paragraphs, self.tables)
        self.paragraphs, self.tables = [], []
        found = tuple(self._paragraph(element, -1, None, 0, None) for element in root.iter(f"{W}p"))
        self.paragraphs, self.tables = kept
        return Header(found)

    def _paragraph(self, element, section: int, cell, room: float, table_style: str | None) -> Paragraph:
        runs, drawn, drawing, field_text = [], [], False, []
        for run in _runs(element):
            field_text += [text.text or "" for text in run.iter(f"{W}instrText")]
            text = "".join(_run_text(run))
            drawing = drawing or any(True for _ in run.iter(f"{W}drawing", f"{W}pict"))
            drawn += self._drawn_lines(run)
            runs.append(Run(text, self.styles.letters(run, element, table_style)))
        simple = [given.get(f"{W}instr", "") for given in element.iter(f"{W}fldSimple")]
        chosen = element.find(f"{W}pPr/{W}pStyle")
        paragraph = Paragraph(
            element=element,
            runs=tuple(runs),
            layout=self.styles.layout(element, table_style),
            style=self.styles.name(chosen.get(f"{W}val") if chosen is not None else None),
            section=section,
            cell=cell,
            room=room,
            lines_drawn=tuple(drawn),
            has_drawing=drawing,
            page_field=any(_PAGE.match(text) for text in ("".join(field_text), *simple)),
        )
        self.paragraphs.append(paragraph)
        return paragraph

    def _table(self, element, section: int, room: float, depth: int) -> Table:
        measure = self.styles.millimetres
        grid = [measure(column.get(f"{W}w"), "w:gridCol w:w") for column in element.findall(f"{W}tblGrid/{W}gridCol")]
        chosen = element.find(f"{W}tblPr/{W}tblStyle")
        style = chosen.get(f"{W}val") if chosen is not None else None
        rows = [row for row in _content(element) if row.tag == f"{W}tr"]
        table = Table(element, len(self.tables), section, room, sum(grid), self._ruled(element, style), rows, depth)
        self.tables.append(table)
        first = len(self.paragraphs)
        for at, row in enumerate(rows):
            column = 0
            for cell in (cell for cell in _content(row) if cell.tag == f"{W}tc"):
                width = self._cell_width(cell) or (grid[column] if column < len(grid) else room)
                for block in _content(cell):
                    if block.tag == f"{W}p":
                        self._paragraph(block, section, (table.index, at, column), width, style)
                    elif block.tag == f"{W}tbl":
                        self._table(block, section, width, depth + 1)
                column += max(1, int(self.styles.number(_attribute(cell, "tcPr/gridSpan", "val"), 1, "w:gridSpan")))
        table.paragraphs = self.paragraphs[first:]
        return table

    def _cell_width(self, cell) -> float:
        """The width that a cell asks for, in millimetres; 0 when it leaves it to the table or gives a share."""
        given = _attribute(cell, "tcPr/tcW", "w")
        if given and given.endswith("%"):
            return 0
        return self.styles.millimetres(given, "w:tcW w:w")

    def _drawn_lines(self, run) -> list[float]:
        """Lengths in millimetres of the straight lines drawn in a run (DrawingML, or VML of old files)."""
        lengths = []
        for extent in run.iter(f"{_WP}extent"):
            shapes = {shape.get("prst") for shape in extent.getparent().iter(f"{_A}prstGeom")}
            if shapes & {"line", "straightConnector1"}:
                lengths.append(self.styles.number(extent.get("cx"), 0, "wp:extent cx") / _EMU_PER_MM)
        if not lengths:
            for line in run.iter(f"{_V}line"):
                ends = [_points(line.get(name, "0,0").split(",")[0]) for name in ("from", "to")]
                lengths.append(abs(ends[1] - ends[0]) * 25.4 / 72)
        return lengths

    def _ruled(self, element, style: str | None) -> bool:
        """Whether the table shows lines: its own borders, or those of its style."""
        borders = element.find(f"{W}tblPr/{W}tblBorders")
        if borders is None:
            named = [found.find(f"{W}tblPr/{W}tblBorders") for found in self.styles._chain(style, "table")]
            borders = next((found for found in reversed(named) if found is not None), None)
        return borders is not None and any(
            edge.get(f"{W}val") not in (None, "nil", "none") for edge in borders if edge.tag.startswith(f"{W}inside")
        )

    @cached_property
    def chart_fonts(self) -> set[str]:
        """The letters of the charts in the document."""
        fonts = set()
        for kind, target, outside in self.relations.values():
            if kind == "chart" and not outside:
                root = self.package.xml(self.package.target(MAIN_PART, target))
                fonts |= {element.get("typeface", "") for element in root.iter(f"{_A}latin")}
        return fonts

    @cached_property
    def theme_fonts(self) -> dict[str, str]:
        """What the theme's names of fonts stand for: 'minorHAnsi' → 'Calibri'; '' where the theme leaves it open."""
        for kind, target, outside in self.relations.values():
            if kind != "theme" or outside:
                continue
            root = self.package.xml(self.package.target(MAIN_PART, target))
            names = {}
            for size in ("major", "minor"):
                for tag, slots in (("latin", ("Ascii", "HAnsi")), ("ea", ("EastAsia",)), ("cs", ("Bidi",))):
                    face = root.find(f".//{_A}{size}Font/{_A}{tag}")
                    names |= {f"{size}{slot}": face.get("typeface", "") for slot in slots if face is not None}
            return names
        return {}

    def after(self, paragraph: Paragraph) -> Paragraph | None:
        """The paragraph that follows in reading order."""
        at = next(index for index, known in enumerate(self.paragraphs) if known is paragraph) + 1
        return self.paragraphs[at] if at < len(self.paragraphs) else None


def _content(element) -> list:
    """The children, those inside content controls included."""
    found = []
    for child in element:
        if child.tag == f"{W}sdt":
            inner = child.find(f"{W}sdtContent")
            found += _content(inner) if inner is not None else []
        else:
            found.append(child)
    return found


def _attribute(element, path: str, name: str) -> str | None:
    found = element.find("/".join(f"{W}{step}" for step in path.split("/")))
    return found.get(f"{W}{name}") if found is not None else None


def _runs(paragraph):
    """The runs of a paragraph itself: those in links, insertions and content controls, not those in text boxes."""
    for child in paragraph:
        if child.tag == f"{W}r":
            yield child
        elif child.tag in (f"{W}hyperlink", f"{W}ins", f"{W}smartTag", f"{W}fldSimple", f"{W}moveTo"):
            yield from _runs(child)
        elif child.tag == f"{W}sdt":
            inner = child.find(f"{W}sdtContent")
            yield from _runs(inner) if inner is not None else ()


def _run_text(run):
    for child in run:
        if child.tag == f"{W}t":
            yield child.text or ""
        elif child.tag == f"{W}tab":
            yield "\t"
        elif child.tag in (f"{W}br", f"{W}cr"):
            yield "\n"
        elif child.tag == f"{W}noBreakHyphen":
            yield "-"


def _points(length: str) -> float:
    units = {"pt": 1.0, "in": 72.0, "cm": 72 / 2.54, "mm": 72 / 25.4}
    match = re.match(r"\s*(-?[0-9]{1,9}(?:\.[0-9]{1,9})?)\s*([a-z]*)", length)
    return float(match[1]) * units.get(match[2], 1.0) if match else 0.0
