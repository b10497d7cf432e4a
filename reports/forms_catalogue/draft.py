"""A definition as somebody wrote it, cell by cell, and the form that comes of it; all that is wrong in one pass."""

import re
import string
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from agencies.vietnamese import clean, fold
from reports.forms_catalogue.arithmetic import contradictions, parse_rules
from reports.forms_catalogue.definition import CALENDARS, HOLDS, LEVELS, SEVERITIES, SUBJECTS, Column, Form, Row, Rule

MOST_COLUMNS, MOST_ROWS, MOST_RULES, MOST_NOTES, LONGEST = 40, 30, 40, 20, 300
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_COLUMN_CODE = re.compile(r"[0-9]{1,2}[a-z]?")
_DAY = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")
# Words of the portal's own addresses, which no form may bear.
_TAKEN = frozenset({"ban", "tai-len"})


@dataclass(frozen=True)
class Cell:
    """What stands somewhere: its text, and where, in words."""

    text: str
    at: str


@dataclass(frozen=True)
class Problem:
    """One thing wrong with a definition."""

    at: str
    message: str

    @property
    def sentence(self) -> str:
        """'Trang “Cột”, ô B5: trùng mã cột (3).'"""
        return f"{self.at}: {self.message}"


@dataclass(frozen=True)
class IndicatorFact:
    """What a definition must know of an indicator."""

    nature: str  # flow or stock
    parent: str = ""


@dataclass
class Draft:
    """A definition as it was written: named cells of the head, and the lines of rows, columns and rules."""

    head: dict[str, Cell] = field(default_factory=dict)
    rows: list[dict[str, Cell]] = field(default_factory=list)
    columns: list[dict[str, Cell]] = field(default_factory=list)
    rules: list[dict[str, Cell]] = field(default_factory=list)
    where: str = "Trang “Biểu”"


def build(
    draft: Draft,
    *,
    indicators: Mapping[str, IndicatorFact] | None = None,
    others: Collection[Form] = (),
    dated: bool = True,
) -> tuple[Form | None, list[Problem]]:
    """The form and nothing, or nothing and everything that is wrong.

    ``indicators`` is the catalogue to check against (None: not checked); ``others`` are versions in use whose dates
    must not overlap; ``dated`` asks for a first day of force, which old sources do not always give.
    """
    reader = _Reader(draft, indicators, dated)
    form = reader.form()
    if not reader.problems:
        reader.problems += _overlaps(draft, form, others)
    return (None, reader.problems) if reader.problems else (form, [])


class _Reader:
    """One pass over a draft, gathering problems."""

    def __init__(self, draft: Draft, indicators: Mapping[str, IndicatorFact] | None, dated: bool):
        self.draft, self.indicators, self.dated = draft, indicators, dated
        self.problems: list[Problem] = []

    def form(self) -> Form:
        head = {name: self._line(cell) for name, cell in self.draft.head.items()}
        for name, label in (("code", "Mã"), ("form_code", "Ký hiệu biểu"), ("title", "Tên biểu"),
                            ("circular", "Văn bản ban hành"), ("source", "Nguồn")):  # fmt: skip
            if not head.get(name):
                self._wrong(self._at(name), f"Thiếu “{label}”.")
        code = head.get("code", "")
        if code and (not _SLUG.fullmatch(code) or len(code) > 40 or code in _TAKEN):
            self._wrong(self._at("code"), f"Mã “{code}” chỉ gồm chữ thường không dấu, số và gạch nối, ví dụ 09e.")
        start, end = self._day("effective_from"), self._day("effective_to")
        if self.dated and not head.get("effective_from"):
            self._wrong(self._at("effective_from"), "Thiếu “Áp dụng từ ngày”.")
        if start and end and end < start:
            self._wrong(self._at("effective_to"), "Ngày hết áp dụng trước ngày bắt đầu.")
        notes = self.draft.head.get("notes", Cell("", ""))
        lines = tuple(line for line in map(clean, notes.text.split("\n")) if line)
        if len(lines) > MOST_NOTES or any(len(line) > LONGEST for line in lines):
            self._wrong(notes.at, f"Tối đa {MOST_NOTES} ghi chú, mỗi ghi chú {LONGEST} ký tự.")
        rows, columns = self._rows(), self._columns()
        return Form(
            code=code,
            form_code=head.get("form_code", ""),
            title=head.get("title", ""),
            circular=head.get("circular", ""),
            subject=self._one_of("subject", SUBJECTS, "Nội dung", "khac"),
            calendar=self._one_of("calendar", CALENDARS, "Lịch", "thong-ke"),
            effective_from=start,
            effective_to=end,
            source=head.get("source", ""),
            receiver=head.get("receiver", ""),
            notes=lines,
            rows=rows,
            columns=columns,
            rules=self._rules(columns),
        )

    def _wrong(self, at: str, message: str) -> None:
        self.problems.append(Problem(at, message))

    def _at(self, name: str) -> str:
        return self.draft.head[name].at if name in self.draft.head else self.draft.where

    def _line(self, cell: Cell) -> str:
        text = clean(cell.text)
        if len(text) > LONGEST and cell is not self.draft.head.get("notes"):
            self._wrong(cell.at, f"Dài {len(text)} ký tự, tối đa {LONGEST}.")
        return text

    def _one_of(self, name: str, choices: Mapping[str, str], label: str, default: str) -> str:
        cell = self.draft.head.get(name, Cell("", ""))
        return self._choice(cell, choices, label, default)

    def _choice(self, cell: Cell, choices: Mapping[str, str], label: str, default: str) -> str:
        given = fold(cell.text)
        if not given:
            return default
        found = next((key for key, words in choices.items() if given in (key, fold(words))), None)
        if found is None:
            self._wrong(cell.at, f"{label} “{clean(cell.text)}” không có; chọn: {', '.join(choices.values())}.")
        return found or default

    def _day(self, name: str) -> date | None:
        cell = self.draft.head.get(name, Cell("", ""))
        text = clean(cell.text)
        if not text:
            return None
        try:
            match = _DAY.fullmatch(text)
            day = date(int(match[3]), int(match[2]), int(match[1])) if match else date.fromisoformat(text)
        except ValueError:
            day = None
        if day is None or not 2000 <= day.year <= 2100:
            self._wrong(cell.at, f"Không có ngày “{text}”; viết ngày/tháng/năm, ví dụ 01/11/2025.")
            return None
        return day

    def _rows(self) -> tuple[Row, ...]:
        rows, codes, held = [], {}, {}
        if len(self.draft.rows) > MOST_ROWS:
            self._wrong(self.draft.where, f"Biểu có {len(self.draft.rows)} dòng, tối đa {MOST_ROWS}.")
        for cells in self.draft.rows[:MOST_ROWS]:
            code, label = self._line(cells["code"]), self._line(cells["label"])
            if not code:
                self._wrong(cells["code"].at, "Thiếu mã dòng.")
            elif code in codes:
                self._wrong(cells["code"].at, f"Trùng mã dòng “{code}” với {codes[code]}.")
            codes.setdefault(code, cells["code"].at)
            if not label:
                self._wrong(cells["label"].at, "Thiếu tên dòng.")
            if not clean(cells["holds"].text):
                self._wrong(cells["holds"].at, f"Thiếu “Lấy số liệu của”; chọn: {', '.join(HOLDS.values())}.")
            holds = self._choice(cells["holds"], HOLDS, "“Lấy số liệu của”", "none")
            listed = self._choice(cells["listed"], {"co": "có", "khong": "không", "true": "true"}, "“Liệt kê”", "khong")
            if holds != "none" and holds in held:
                self._wrong(cells["holds"].at, f"“{HOLDS[holds]}” đã có ở {held[holds]}.")
            elif (holds == "all" and {"standing", "others"} & set(held)) or (
                holds in ("standing", "others") and "all" in held
            ):
                self._wrong(cells["holds"].at, "Số liệu của cùng một cơ quan đứng ở hai dòng, sẽ bị tính hai lần.")
            held.setdefault(holds, cells["holds"].at)
            rows.append(Row(code, label, holds, listed in ("co", "true")))
        if self.draft.columns and not set(held) & {"all", "standing", "others"}:
            self._wrong(self.draft.where, "Không có dòng nào lấy số liệu của cơ quan.")
        return tuple(rows)

    def _columns(self) -> tuple[Column, ...]:
        if len(self.draft.columns) > MOST_COLUMNS:
            self._wrong(self.draft.where, f"Biểu có {len(self.draft.columns)} cột, tối đa {MOST_COLUMNS}.")
        columns, codes, paths = [], {}, {}
        parents: dict[tuple[str, ...], int] = {}
        for order, cells in enumerate(self.draft.columns[:MOST_COLUMNS]):
            code = self._line(cells["code"]).strip("() ").casefold()
            if not _COLUMN_CODE.fullmatch(code):
                self._wrong(cells["code"].at, f"Mã cột “{code}” không đúng; viết số thứ tự như 1, 2, 2a.")
            elif code in codes:
                self._wrong(cells["code"].at, f"Trùng mã cột ({code}) với {codes[code]}.")
            codes.setdefault(code, cells["code"].at)
            headers = [cells[f"level{level}"] for level in range(1, LEVELS + 1)]
            texts = [self._line(cell) for cell in headers]
            filled = max((n for n, text in enumerate(texts, 1) if text), default=0)
            if not filled:
                self._wrong(headers[0].at, f"Cột ({code}) chưa có tiêu đề.")
            for cell, text in list(zip(headers, texts, strict=True))[:filled]:
                if not text:
                    self._wrong(cell.at, f"Tiêu đề cột ({code}) bị trống ở cấp này trong khi cấp dưới có chữ.")
            path = tuple(texts[:filled])
            if path in paths and path:
                self._wrong(headers[0].at, f"Tiêu đề “{' – '.join(path)}” trùng với {paths[path]}.")
            paths.setdefault(path, headers[0].at)
            for level in range(1, filled):
                head = path[:level]
                if head in parents and parents[head] != order - 1:
                    words = f"Nhóm “{' – '.join(head)}” bị ngắt quãng: các cột cùng nhóm phải đứng liền nhau."
                    self._wrong(headers[level - 1].at, words)
                parents[head] = order
            columns.append(Column(code, path, self._line(cells["unit"]), self._indicators(cells["indicators"], code)))
        for path in paths:
            if path in parents:
                self._wrong(
                    paths[path], f"“{' – '.join(path)}” vừa là một cột vừa là nhóm cột; thêm tiêu đề “Tổng số”."
                )
        self._order(columns)
        return tuple(columns)

    def _order(self, columns: list[Column]) -> None:
        expected = 1
        for cells, column in zip(self.draft.columns, columns, strict=False):
            if not _COLUMN_CODE.fullmatch(column.code):
                return  # said already
            number = int(column.code.rstrip(string.ascii_lowercase))
            if number not in (expected, expected - 1):
                self._wrong(cells["code"].at, f"Mã cột không liền nhau: chờ ({expected}), gặp ({column.code}).")
                return
            expected = number + 1

    def _indicators(self, cell: Cell, column: str) -> tuple[str, ...]:
        codes = tuple(code for code in re.split(r"[+,;\s]+", clean(cell.text)) if code)
        if self.indicators is None:
            return codes
        for code in codes:
            if code not in self.indicators:
                self._wrong(cell.at, f"Không có chỉ tiêu “{code}” (cột {column}); xem trang “Chỉ tiêu”.")
        facts = {code: self.indicators[code] for code in codes if code in self.indicators}
        if len(set(codes)) < len(codes):
            self._wrong(cell.at, f"Cột ({column}) cộng một chỉ tiêu hai lần.")
        if len({fact.nature for fact in facts.values()}) > 1:
            self._wrong(cell.at, f"Cột ({column}) cộng số phát sinh với số thời điểm.")
        for code in facts:
            if inside := set(_ancestors(code, self.indicators)) & set(facts):
                whole = sorted(inside)[0]
                self._wrong(cell.at, f"Cột ({column}) cộng {whole} với {code}, mà {code} đã nằm trong {whole}.")
        return codes

    def _rules(self, columns: tuple[Column, ...]) -> tuple[Rule, ...]:
        if len(self.draft.rules) > MOST_RULES:
            self._wrong(self.draft.where, f"Biểu có {len(self.draft.rules)} quy tắc, tối đa {MOST_RULES}.")
        rules, at = [], []
        for cells in self.draft.rules[:MOST_RULES]:
            severity = self._choice(cells["severity"], SEVERITIES, "Mức", "error")
            try:
                found = parse_rules(clean(cells["rule"].text), severity, self._line(cells["source"]))
            except ValueError as error:
                self._wrong(cells["rule"].at, str(error))
                continue
            rules += found
            at += [cells["rule"].at] * len(found)
        if len(rules) <= MOST_RULES:
            for number, message in contradictions([column.code for column in columns], rules):
                self._wrong(at[number], message)
        return tuple(rules)


def _ancestors(code: str, indicators: Mapping[str, IndicatorFact]) -> Iterator[str]:
    while (parent := indicators[code].parent) in indicators:
        yield parent
        code = parent


def _overlaps(draft: Draft, form: Form, others: Collection[Form]) -> list[Problem]:
    at = draft.head["effective_from"].at if "effective_from" in draft.head else draft.where
    return [
        Problem(
            at,
            f"Thời gian áp dụng ({form.dates}) chồng lên bản {other.form_code} đang có ({other.dates}). "
            "Hãy đổi ngày, cho bản kia thôi dùng, hoặc đặt mã khác.",
        )
        for other in others
        if other.is_known
        and other.code == form.code
        and (other.effective_to or date.max) >= (form.effective_from or date.min)
        and (form.effective_to or date.max) >= (other.effective_from or date.min)
    ]
