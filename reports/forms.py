"""Forms of the reports room. They read and clean; the verbs decide."""

from decimal import Decimal

from django import forms

from agencies.vietnamese import clean
from campaigns.count_field import CountField
from reports.entry import LINE_STATUSES, MAX_REASON
from reports.models import CouncilReport, ProgressReport, ReportLine
from reports.outline import OUTLINE
from reports.sheet import FigureRow, Sheet

_DAY = {"placeholder": "dd/mm/yyyy", "inputmode": "numeric", "autocomplete": "off", "size": 12}
_DAY_ERROR = {"invalid": "Không có ngày này; viết theo dạng ngày/tháng/năm, ví dụ 03/04/2026."}


def _day(label: str, help_text: str = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        help_text=help_text,
        error_messages=_DAY_ERROR,
        widget=forms.DateInput(format="%d/%m/%Y", attrs=_DAY),
    )


_LARGEST = 9_999_999_999_999  # the column holds thirteen digits before the comma


def _short(label: str, initial: str, placeholder: str) -> forms.CharField:
    """One line beside a figure."""
    return forms.CharField(
        label=label,
        required=False,
        max_length=MAX_REASON,
        initial=initial,
        widget=forms.TextInput({"placeholder": placeholder, "autocomplete": "off"}),
        error_messages={"max_length": "Dài quá %(limit_value)d ký tự (đang là %(show_value)d)."},
    )


# A page of A4 holds about 3,000 letters; nobody reports twenty of them on one task.
MAX_LETTERS = 60_000


def _text(label: str, help_text: str = "", rows: int = 3) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        help_text=help_text,
        max_length=MAX_LETTERS,
        error_messages={
            "max_length": "Dài quá %(limit_value)d ký tự (đang là %(show_value)d); hãy đính kèm thành tệp."
        },
        widget=forms.Textarea({"rows": rows}),
    )


class LineForm(forms.Form):
    """What an agency says of one task. A supporting agency has no status, percent or dates to give."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    status = forms.ChoiceField(
        label="Tình trạng",
        choices=[(status.value, status.label) for status in LINE_STATUSES],
        widget=forms.RadioSelect,
        error_messages={"required": "Chọn tình trạng của nhiệm vụ."},
    )
    percent = CountField(
        label="Tỷ lệ hoàn thành (%)",
        percent=True,
        help_text="Từ 0 đến 100. Hoàn thành tự ghi 100, chưa thực hiện tự ghi 0.",
    )
    completed_on = _day("Ngày hoàn thành", "Để trống: lấy ngày hôm nay.")
    result = _text("Kết quả thực hiện", "Số cuộc, lượt người, sản phẩm… trong kỳ.", 4)
    difficulty = _text("Khó khăn, vướng mắc và nguyên nhân")
    new_expected_on = _day("Dự kiến hoàn thành", "Cần khi nhiệm vụ đã quá hạn.")
    proposal = _text("Đề xuất, kiến nghị", rows=2)
    no_evidence_reason = forms.CharField(
        label="Lý do không có minh chứng", required=False, max_length=300, help_text="Khi hoàn thành mà không có tệp."
    )

    LEAD_ONLY = ("status", "percent", "completed_on", "new_expected_on", "no_evidence_reason")

    def __init__(self, *args, line: ReportLine, **kwargs):
        super().__init__(*args, **kwargs)
        if not line.is_lead:
            for name in self.LEAD_ONLY:
                del self.fields[name]
            self.fields["result"].label = "Kết quả phối hợp"
            self.fields["result"].help_text = "Việc cơ quan đã làm để phối hợp với đơn vị chủ trì."

    def only_read(self) -> None:
        """Show what stands in the boxes, to read and to copy, without letting it be changed."""
        for bound in self.visible_fields():
            # A radio button knows no readonly; a text box that is disabled could not be copied from.
            radio = isinstance(bound.field.widget, forms.RadioSelect)
            bound.field.widget.attrs["disabled" if radio else "readonly"] = True

    @classmethod
    def initial_of(cls, line: ReportLine) -> dict:
        """The stored row as initial values."""
        return {name: getattr(line, name) for name in cls.base_fields}

    def values(self) -> dict:
        """The cleaned values as keywords of the verb."""
        return dict(self.cleaned_data)


class FiguresForm(forms.Form):
    """One number, one reason for a hand correction and one note per indicator (rules V09, V19, V20)."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, rows: list[FigureRow], **kwargs):
        super().__init__(*args, **kwargs)
        self.rows = rows
        for row in rows:
            indicator = row.figure.indicator
            value = CountField(
                label=f"{row.code} {indicator.name}", decimals=indicator.decimals, limit=_LARGEST, initial=row.value
            )
            value.widget.attrs |= {"size": 10, "aria-describedby": f"loi-{row.code}"}
            self.fields[f"v_{row.code}"] = value
            self.fields[f"r_{row.code}"] = _short(f"Lý do sửa tay ({row.code})", row.reason, "Vì sao khác hoạt động?")
            self.fields[f"n_{row.code}"] = _short(f"Giải trình ({row.code})", row.note, "Vì sao tăng, giảm?")

    def values(self) -> dict[str, tuple[Decimal | None, str]]:
        """Indicator code → (value, reason), as the verb takes them; a figure whose box was not sent stays as it is."""
        data = self.cleaned_data
        return {
            row.code: (_exact(data[f"v_{row.code}"]), clean(data[f"r_{row.code}"]))
            for row in self.rows
            if self._sent("v", row.code)
        }

    def notes(self) -> dict[str, str]:
        """Indicator code → what the agency says to a warning about it."""
        return {row.code: clean(self.cleaned_data[f"n_{row.code}"]) for row in self.rows if self._sent("n", row.code)}

    def _sent(self, kind: str, code: str) -> bool:
        # A form that knows nothing of a note, or shows some figures alone, leaves the others as they are.
        return self.add_prefix(f"{kind}_{code}") in self.data

    def as_typed(self, sheet: Sheet) -> Sheet:
        """The sheet with what stands in the boxes, as far as it can be read; dotted numbers as they would be read."""
        if not self.is_bound:
            return sheet
        self.is_valid()
        values, notes, unreadable = {}, {}, set()
        for row in self.rows:
            name, bound = f"v_{row.code}", self[f"v_{row.code}"]
            if not self._sent("v", row.code):
                continue
            reason = clean(self[f"r_{row.code}"].data or "")
            if name in self.cleaned_data:
                values[row.code] = (_exact(self.cleaned_data[name]), reason)
            elif bound.reading is not None:
                values[row.code] = (bound.reading.value, reason)
            else:
                unreadable.add(row.code)
            if self._sent("n", row.code):
                notes[row.code] = clean(self[f"n_{row.code}"].data)
        return sheet.as_typed(values, notes, unreadable)


def _exact(value: int | Decimal | None) -> Decimal | None:
    return None if value is None else Decimal(value)


class NarrativeForm(forms.Form):
    """The agency's own words under the headings of the outline."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    nothing_to_report = forms.BooleanField(
        label="Không phát sinh hoạt động nào trong kỳ",
        required=False,
        help_text="Ghi 0 cho mọi số phát sinh; vẫn cần số báo cáo viên, tuyên truyền viên.",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, label in ProgressReport.NARRATIVE.items():
            self.fields[name] = _text(label, rows=4)

    @classmethod
    def initial_of(cls, report: ProgressReport) -> dict:
        """The stored row as initial values."""
        return {name: getattr(report, name) for name in (*ProgressReport.NARRATIVE, "nothing_to_report", "version")}


class CouncilReportForm(forms.Form):
    """The council's report: one text per heading, who signs, to whom it goes."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    drafted = forms.CharField(required=False, widget=forms.HiddenInput)  # what stood on the page, signed
    signing = forms.ChoiceField(label="Người ký", choices=CouncilReport.Signing.choices)
    signer_name = forms.CharField(
        label="Họ tên người ký",
        required=False,
        max_length=120,
        help_text="Để trống: lấy tên Chủ tịch, Phó Chủ tịch Thường trực của Hội đồng.",
    )
    addressee = forms.CharField(label="Kính gửi", required=False, max_length=300)
    recipients = _text(
        "Nơi nhận (mỗi dòng một nơi)", "Dòng “Lưu: VT, …” ghi ở đây thì in đúng như ghi; không ghi thì tự thêm.", 4
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.headings = [heading for heading in OUTLINE if heading.has_text]
        for heading in self.headings:
            self.fields[f"h_{heading.key}"] = _text(f"{heading.number} {heading.title}", rows=8)

    def clean_recipients(self):
        """One recipient a line, each short enough for the document."""
        lines = [line.strip() for line in self.cleaned_data["recipients"].splitlines() if line.strip()]
        if long := [line for line in lines if len(line) > 200]:
            raise forms.ValidationError(f"Mỗi nơi nhận dài không quá 200 ký tự: “{long[0][:60]}…”.")
        return "\n".join(lines)

    def narrative(self) -> dict[str, str]:
        """Heading key → text."""
        return {heading.key: self.cleaned_data[f"h_{heading.key}"] for heading in self.headings}


class IssueForm(forms.Form):
    """The number and date that the clerk gave. It stands inside the form of the draft, which is saved without them."""

    use_required_attribute = False

    number = forms.CharField(
        label="Số, ký hiệu", max_length=60, help_text="Do văn thư cấp, ví dụ 15/BC-HĐPH.",
        error_messages={"required": "Cần số, ký hiệu do văn thư cấp."},
    )  # fmt: skip
    reason = forms.CharField(
        label="Lý do phát hành khi còn thiếu báo cáo",
        required=False,
        widget=forms.Textarea({"rows": 2}),
        help_text="Chỉ cần khi có cơ quan chưa được tiếp nhận báo cáo.",
    )
    adjustment = forms.CharField(
        label="Lý do điều chỉnh",
        required=False,
        max_length=1000,
        widget=forms.Textarea({"rows": 2}),
        help_text="In trong bản điều chỉnh; ít nhất 10 ký tự.",
    )
    issued_on = forms.DateField(
        label="Ngày ban hành",
        error_messages=_DAY_ERROR | {"required": "Cần ngày ban hành."},
        widget=forms.DateInput(format="%d/%m/%Y", attrs=_DAY),
    )
    checked = forms.CharField(required=False, widget=forms.HiddenInput)  # token of the odd numbers that were looked at

    def mark_required(self, *, adjusts: bool, missing: bool) -> None:
        """Mark on the page, once the form is read, what this issue needs as well; it is the verb that asks for it."""
        self.fields["adjustment"].required, self.fields["reason"].required = adjusts, missing


class OpenPeriodForm(forms.Form):
    """Which quarter to open."""

    code = forms.ChoiceField(label="Kỳ báo cáo")

    def __init__(self, *args, spans, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].choices = [
            (span.code, f"{span.label} ({span.starts_on:%d/%m/%Y} – {span.ends_on:%d/%m/%Y})") for span in spans
        ]


class ExportForm(forms.Form):
    """Which rows of which quarters to write to a file."""

    what = forms.ChoiceField(label="Nội dung", widget=forms.RadioSelect)
    periods = forms.MultipleChoiceField(
        label="Các quý", widget=forms.CheckboxSelectMultiple, error_messages={"required": "Hãy chọn ít nhất một quý."}
    )
    file_format = forms.ChoiceField(label="Dạng tệp", widget=forms.RadioSelect)

    def __init__(self, *args, kinds, formats, periods, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["what"].choices, self.fields["file_format"].choices = kinds, formats
        self.fields["periods"].choices = [(str(period.pk), str(period)) for period in periods]
        self.fields["what"].initial, self.fields["file_format"].initial = kinds[0][0], formats[0][0]
