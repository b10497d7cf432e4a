"""Which version of a form applies when, and how the secretariat adds one: upload, look at it, confirm, retire."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from agencies import workflow as engine
from agencies.errors import BusinessError, Incomplete, NotAllowed, StaleVersion
from agencies.fields import stored
from agencies.history import acting, record
from agencies.models import Council
from agencies.permissions import Perm, can
from agencies.vietnamese import clean
from agencies.workflow import Transition
from campaigns.models import Indicator
from reports.forms_catalogue.definition import SUBJECTS, Form
from reports.forms_catalogue.draft import IndicatorFact, Problem, build
from reports.forms_catalogue.loader import catalogue
from reports.forms_catalogue.workbook import read_definition
from reports.models import FormEstimate, FormVersion

_S = FormVersion.State
TRANSITIONS = (
    Transition("confirm_form_version", "Xác nhận, đưa vào áp dụng", frozenset({_S.DRAFT}), _S.ACTIVE, Perm.CONSOLIDATE,
               "Xác nhận bản biểu thống kê", slug="xac-nhan", icon="check", tone="primary"),
    Transition("retire_form_version", "Thôi dùng", frozenset({_S.DRAFT, _S.ACTIVE}), _S.RETIRED, Perm.CONSOLIDATE,
               "Cho thôi dùng bản biểu thống kê", needs_reason=True, slug="thoi-dung", icon="x-mark", tone="danger"),
)  # fmt: skip
_ROW = {row.name: row for row in TRANSITIONS}


class FormUnavailable(BusinessError):
    """The form cannot be filled in for the period: unknown, or nobody has its columns."""


class DefinitionRefused(BusinessError):
    """The uploaded definition has faults; ``problems`` names the cell of each."""

    status = 422

    def __init__(self, problems: list[Problem]):
        self.problems = problems
        super().__init__(
            f"Chưa nhận biểu nào: định nghĩa có {len(problems)} lỗi. Sửa trong tệp rồi chọn lại.",
            *(problem.sentence for problem in problems),
        )


@dataclass(frozen=True)
class Version:
    """A version that the council can use: one that came with the portal, or one of its own (``row``)."""

    form: Form
    row: FormVersion | None = None


def versions_of(council: Council) -> list[Version]:
    """Every version in use, by subject and time. The council's own take the place of a version without columns."""
    own = [Version(row.form, row) for row in FormVersion.objects.filter(council=council, state=_S.ACTIVE)]
    known = {version.form.code for version in own}
    shipped = [Version(form) for form in catalogue() if form.is_known or form.code not in known]
    order = list(SUBJECTS)
    return sorted(
        [*shipped, *own], key=lambda v: (order.index(v.form.subject), str(v.form.effective_from or ""), v.form.code)
    )


def applying(council: Council, code: str, on: date) -> tuple[Form, list[str]]:
    """The version of a form that applies to a period ending on ``on``, with what must be said of it on the form.

    A version whose time is over may still be filled in for comparison, and says so; but not in the place of one whose
    columns nobody has yet. Raises FormUnavailable, in words.
    """
    forms = [version.form for version in versions_of(council)]
    same = [form for form in forms if form.code == code]
    if not same:
        known = ", ".join(dict.fromkeys(form.code for form in forms))
        raise FormUnavailable(f"Không có biểu “{code}”. Các biểu hiện có: {known}.")
    if current := next((form for form in same if form.covers(on)), None):
        if not current.is_known:
            raise FormUnavailable(_unknown(current))
        return current, []
    known_ones = [form for form in same if form.is_known]
    if not known_ones:
        raise FormUnavailable(_unknown(same[0]))
    past = [form for form in known_ones if form.effective_to and form.effective_to < on]
    nearest = past[-1] if past else known_ones[0]
    instead = [form for form in forms if form.subject == nearest.subject and form.covers(on)]
    better = next((form for form in instead if form.is_known), None)
    if instead and better is None:
        raise FormUnavailable(
            f"Biểu {nearest.form_code} áp dụng {nearest.dates}; kỳ này theo {instead[0].circular}.",
            _unknown(instead[0]),
        )
    beside = f"; kỳ này nội dung trên theo biểu {better.form_code}" if better else ""
    return nearest, [f"Biểu {nearest.form_code} áp dụng {nearest.dates}{beside}. Bản này chỉ để đối chiếu."]


def _unknown(form: Form) -> str:
    name = form.circular.removeprefix("Thông tư số ").split(" ngày ")[0]
    name = f"TT {name}" if form.circular.startswith("Thông tư") else form.circular
    return (
        f"Chưa có danh mục cột của {name}; biểu {form.form_code} chưa lập được. Khi có phụ lục của Thông tư, "
        "Thư ký tải định nghĩa biểu lên ở trang Biểu mẫu."
    )


def indicator_facts() -> dict[str, IndicatorFact]:
    """The catalogue of indicators, as a definition is checked against it."""
    rows = Indicator.objects.values_list("code", "nature", "parent__code")
    return {code: IndicatorFact(nature, parent or "") for code, nature, parent in rows}


def read_version(council: Council, *, content: bytes, filename: str) -> Form:
    """The form of an uploaded definition. Raises DefinitionRefused with everything that is wrong, or BadFile."""
    draft, problems = read_definition(content, filename)
    form, more = build(draft, indicators=indicator_facts(), others=[version.form for version in versions_of(council)])
    if form is not None and not form.is_known:
        more = [Problem("Trang “Cột”", "Chưa có cột nào.")]
    if problems or more or form is None:
        raise DefinitionRefused([*problems, *more])
    return form


def upload_form_version(*, council: Council, by, now: datetime, content: bytes, filename: str) -> FormVersion:
    """Keep an uploaded definition as a draft that nothing uses yet. The same definition twice gives the same draft.

    Raises NotAllowed, BadFile or DefinitionRefused; then nothing is written.
    """
    if by is not None and not can(by, Perm.CONSOLIDATE, council):
        raise NotAllowed("Chỉ Thư ký Hội đồng được thêm biểu thống kê.")
    form = read_version(council, content=content, filename=filename)
    with acting(by=by, verb="upload_form_version"):
        Council.objects.select_for_update(no_key=True).get(pk=council.pk)
        plain = form.to_json()
        waiting = FormVersion.objects.filter(council=council, state=_S.DRAFT, definition=plain).first()
        if waiting is not None:
            return waiting
        row = FormVersion.objects.create(
            council=council,
            code=form.code,
            form_code=form.form_code,
            title=form.title,
            effective_from=form.effective_from,
            effective_to=form.effective_to,
            definition=plain,
            file_name=stored(clean(filename))[:255],
            uploaded_at=now,
            uploaded_by=by,
        )
        record(by=by, now=now, verb="upload_form_version", obj=row, summary=f"Tải lên định nghĩa biểu {row}")
    return row


def confirm_form_version(*, version: FormVersion, by, now: datetime) -> FormVersion:
    """Put a draft into use, checked again. Raises NotAllowed, WrongState or Incomplete; then nothing is written."""

    def missing(locked: FormVersion) -> list[str]:
        Council.objects.select_for_update(no_key=True).get(
            pk=locked.council_id
        )  # two confirmations wait for each other
        form = locked.form
        return [
            f"Thời gian áp dụng ({form.dates}) chồng lên bản {other.form.form_code} đang có ({other.form.dates})."
            for other in versions_of(locked.council)
            if other.form.code == form.code and other.form.is_known and _overlap(form, other.form)
        ]

    def act(locked: FormVersion) -> None:
        locked.confirmed_at, locked.confirmed_by = now, by

    return engine.perform(_ROW["confirm_form_version"], version, by=by, now=now, missing=missing, act=act)


def _overlap(one: Form, other: Form) -> bool:
    return (one.effective_to or date.max) >= (other.effective_from or date.min) and (
        other.effective_to or date.max
    ) >= (one.effective_from or date.min)


def retire_form_version(*, version: FormVersion, by, now: datetime, reason: str) -> FormVersion:
    """Take a version out of use, with a reason; it stays on the record. Raises NotAllowed, WrongState or Incomplete."""

    def act(locked: FormVersion) -> None:
        locked.retired_at, locked.retired_by, locked.retire_reason = now, by, reason.strip()

    return engine.perform(_ROW["retire_form_version"], version, by=by, now=now, reason=reason, act=act)


def available_for_version(user, version: FormVersion) -> list[Transition]:
    """The buttons of a version for this person."""
    return engine.available(user, version, TRANSITIONS)


# --- estimates of preliminary forms ---------------------------------------------------------------------------------


def estimate_row(council: Council, form: Form, period: str, actual_until: date) -> FormEstimate | None:
    """The estimates typed for one preliminary form, or None."""
    return FormEstimate.objects.filter(
        council=council, form=form.code, period=period, actual_until=actual_until
    ).first()


def estimates_of(row: FormEstimate | None) -> dict[str, Decimal]:
    """The typed estimates as numbers, by column code."""
    return {code: Decimal(text) for code, text in row.values.items()} if row else {}


def save_estimates(
    *,
    council: Council,
    form: Form,
    period: str,
    actual_until: date,
    allowed: Iterable[str],
    values: Mapping[str, Decimal | None],
    version: int,
    by,
    now: datetime,
) -> FormEstimate:
    """Save the estimated remainder of a preliminary form: column code → number, None for 'not typed'.

    ``version`` is that of the row that was looked at, 0 for none. Raises NotAllowed, Incomplete or StaleVersion; then
    nothing is written.
    """
    if by is not None and not can(by, Perm.CONSOLIDATE, council):
        raise NotAllowed("Chỉ Thư ký Hội đồng được nhập số ước tính.")
    allowed = set(allowed)
    todo = [f"Cột ({code}) không ước tính được." for code in values if code not in allowed]
    todo += [f"Cột ({code}): số ước tính không được âm." for code, value in values.items() if value and value < 0]
    if todo:
        raise Incomplete(*todo)
    with acting(by=by, verb="save_form_estimates"):
        Council.objects.select_for_update(no_key=True).get(pk=council.pk)
        row = estimate_row(council, form, period, actual_until)
        if (row.version if row else 0) != version:
            raise StaleVersion("Người khác vừa lưu số ước tính của biểu này; số của bạn còn trong biểu.", current=row)
        row = row or FormEstimate(council=council, form=form.code, period=period, actual_until=actual_until, version=0)
        row.values = {code: str(value) for code, value in values.items() if value is not None}
        row.edited_at, row.edited_by, row.version = now, by, row.version + 1
        row.save()
        record(by=by, now=now, verb="save_form_estimates", obj=row, summary=f"Nhập {row}")
    return row
