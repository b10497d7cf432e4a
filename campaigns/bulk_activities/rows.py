"""One row of a list of activities as values, by the rules that the form and the verb have; what is wrong, cell by cell.

The rules themselves are those of ``wrong_in_activity``; here cells are read, and what is read often is read once.
"""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from uuid import UUID, uuid5

from django.core.exceptions import ValidationError

from agencies.imports.values import written_day
from agencies.models import Agency
from agencies.vietnamese import clean, fold, fold_words
from campaigns.activities import in_order_of_law, wrong_in_activity
from campaigns.activity_fields import TopicsField
from campaigns.activity_figures import settled
from campaigns.count_field import CountField
from campaigns.models import Activity, Indicator

AGENCY, DAY, TITLE, FORM, PLACE, CONTENT = "agency", "held_on", "title", "form", "place", "content"
GROUPS, TOPICS = "target_groups", "topics"
HEADINGS = {
    AGENCY: ("Cơ quan", "Mã cơ quan", "Đơn vị", "Cơ quan thực hiện", "Tên cơ quan"),
    DAY: ("Ngày", "Ngày thực hiện", "Ngày tổ chức"),
    TITLE: ("Hoạt động", "Tên hoạt động", "Nội dung hoạt động"),
    FORM: ("Hình thức",),
    PLACE: ("Địa điểm", "Nơi tổ chức"),
    CONTENT: ("Nội dung", "Ghi chú"),
    GROUPS: ("Đối tượng đặc thù", "Đối tượng"),
    TOPICS: ("Lĩnh vực pháp luật", "Lĩnh vực"),
}
REQUIRED = (AGENCY, DAY, TITLE)
_BY_WORDS = {fold_words(way): name for name, ways in HEADINGS.items() for way in ways}
_ATTENDANCE = ("luot nguoi", "so nguoi du", "so luot nguoi", "nguoi du")
_LONGEST = {TITLE: 300, PLACE: 200}
_KEYS = UUID("6d1f0d1e-6e1c-5b52-9c0f-8f8a3c5b6a10")

Problem = list  # [column, value, message, fix], as it is staged


class Rows:
    """Reads the rows of one list for one person and council."""

    def __init__(self, *, council: int, agencies: Iterable[Agency], today: date):
        self.council, self.today = council, today
        self.agencies = {agency.pk: agency for agency in agencies}
        self.by_name: dict[str, Agency] = {}
        for agency in self.agencies.values():
            for name in (agency.code, agency.name, agency.short_name):
                self.by_name.setdefault(fold_words(name), agency)
        self.counts = {row.code: _Count(row) for row in Indicator.objects.filter(from_activities=True)}
        self._seen: dict[UUID, int] = {}  # rows that say the very same → how many so far
        self._agency = lru_cache(4096)(self._agency_named)
        self._topics = lru_cache(4096)(self._topics_of)
        self._groups = lru_cache(4096)(self._groups_of)

    def means(self, heading: str) -> str | None:
        """The field, or the indicator's code, that a heading names."""
        words = fold_words(heading)
        if words in _BY_WORDS:
            return _BY_WORDS[words]
        if words in _ATTENDANCE:
            return "PB02"
        first = words.partition(" ")[0]
        return next((code for code in self.counts if fold_words(code) == first), None)

    def read(self, row: list, columns: dict[str, int]) -> tuple[date | None, UUID | None, dict | None, list[Problem]]:
        """(day, key, values, nothing wrong) or (None, None, None, everything that is wrong)."""
        wrong: list[Problem] = []
        cells = {name: row[at] if at < len(row) else "" for name, at in columns.items()}

        def read(name, how):
            value = cells.get(name, "")
            try:
                return how(value)
            except (ValueError, ValidationError) as error:
                words = error.messages if isinstance(error, ValidationError) else [str(error)]
                wrong.append([name, str(value)[:120], *(words + [""])[:2]])
                return None

        agency = read(AGENCY, self._agency)
        held_on = read(DAY, _day)
        title, place = read(TITLE, _text(TITLE)), read(PLACE, _text(PLACE))
        form, content = read(FORM, _form), clean(cells.get(CONTENT, ""))
        groups, topics = read(GROUPS, self._groups), read(TOPICS, self._topics)
        figures = {code: read(code, count) for code, count in self.counts.items() if code in columns}
        if wrong:
            return None, None, None, wrong
        values = settled(figures)
        found = wrong_in_activity(
            agency=agency, title=title, held_on=held_on, tasks=(), figures=values, today=self.today
        )
        if found:
            return None, None, None, [[name, str(cells.get(name, ""))[:120], text, ""] for name, text in found]
        counts = {code: f"{value:f}" for code, value in values.items()}
        said = {
            "agency": agency.pk, "title": title, "form": form, "place": place, "content": content,
            "target_groups": groups, "topics": topics, "figures": counts,
        }  # fmt: skip
        key = self._key(held_on, said)
        said["folded"] = fold(" ".join([title, place, content, " ".join(topics)]))  # as Activity.folded has it
        return held_on, key, said, []

    def _key(self, held_on: date, said: dict) -> UUID:
        """The same for the same row of any file; a row that stands twice is two activities."""
        once = uuid5(_KEYS, repr([self.council, held_on.isoformat(), *(said[name] for name in sorted(said))]))
        self._seen[once] = times = self._seen.get(once, 0) + 1
        return once if times == 1 else uuid5(once, str(times))

    def _agency_named(self, value) -> Agency:
        text = clean(value)
        if not text:
            raise ValidationError(["Thiếu cơ quan.", "Ghi mã hoặc tên cơ quan như trên trang Cơ quan."])
        if found := self.by_name.get(fold_words(text)):
            return found
        raise ValidationError(
            [
                f"“{text}” không phải cơ quan mà bạn được ghi hoạt động.",
                "Ghi đúng mã hoặc tên như trên trang Cơ quan; chỉ cán bộ đầu mối ghi được hoạt động của cơ quan mình.",
            ]
        )

    def _topics_of(self, value) -> list[str]:
        return _TOPICS_FIELD.clean(clean(value))

    def _groups_of(self, value) -> list[str]:
        groups = []
        for part in clean(value).split(";"):
            if words := fold_words(part):
                if words not in _GROUPS:
                    raise ValidationError([f"Không có đối tượng “{part.strip()[:80]}”.", "Ghi như trong tệp mẫu."])
                groups.append(_GROUPS[words])
        return in_order_of_law(groups)


_TOPICS_FIELD = TopicsField()
_GROUPS = {fold_words(word): group.value for group in Activity.TargetGroup for word in (group.value, group.label)}
_FORMS = {fold_words(word): form.value for form in Activity.Form for word in (form.value, form.label)}


class _Count:
    """A cell of one indicator → Decimal, None when empty."""

    def __init__(self, indicator: Indicator):
        self.field = CountField(decimals=indicator.decimals)
        self._text = lru_cache(4096)(self._of_text)

    def __call__(self, value) -> Decimal | None:
        if isinstance(value, float) and value.is_integer() and 0 <= value <= self.field.limit:
            return Decimal(int(value))
        if isinstance(value, float | int):
            value = f"{Decimal(str(value)):f}".replace(".", ",")
        return self._text(value)

    def _of_text(self, value) -> Decimal | None:
        text = clean(value)
        if "." in text:
            raise ValidationError(
                [f"“{text[:40]}” có dấu chấm, không rõ là phần nghìn hay phần lẻ (V09).", "Ghi 1234 hoặc 12,5."]
            )
        number = self.field.read(text)
        return None if number is None else Decimal(number)


def _text(name: str):
    most = _LONGEST[name]

    def read(value) -> str:
        text = clean(value)
        if len(text) > most:
            raise ValidationError([f"Dài {len(text)} ký tự, tối đa {most}.", "Hãy viết gọn lại."])
        return text

    return read


def _form(value) -> str:
    text = clean(value)
    if not text:
        return Activity.Form.DIRECT.value
    if found := _form_named(text):
        return found
    raise ValidationError([f"Không có hình thức “{text[:80]}”.", "Ghi như trong tệp mẫu, hoặc để trống."])


@lru_cache(4096)
def _form_named(text: str) -> str | None:
    return _FORMS.get(fold_words(text))


def _day(value) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    return _day_of(clean(value))


@lru_cache(4096)
def _day_of(text: str) -> date:
    if found := written_day(text):
        return found
    said = f"“{text[:40]}” không phải là ngày." if text else "Thiếu ngày."
    raise ValidationError([said, "Ghi dạng ngày/tháng/năm, ví dụ 01/03/2025."])
