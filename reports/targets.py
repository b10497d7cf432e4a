"""The council's targets: those of QĐ 315/QĐ-TTg that every council starts from, and a council's own changes to them."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from django.db import DEFAULT_DB_ALIAS

from agencies.errors import Incomplete, NotAllowed
from agencies.history import acting, record
from agencies.models import Council
from agencies.permissions import Perm, can
from agencies.vietnamese import show_number, sort_key
from agencies.workflow import check_reason
from campaigns.models import Target
from reports.models import CouncilTarget
from reports.rates import RATE_BY_ID

_DECISION = "Quyết định 315/QĐ-TTg ngày 17/4/2024"
_SIGNED, _TO_2030 = date(2024, 4, 17), date(2030, 12, 31)

# domain.md §3.2: code, name, source, rate, unit, direction, value, valid from, valid to, note
DECISION_TARGETS = [
    ("T1", "Tập huấn viên cấp huyện cho mỗi 80 tổ hòa giải", _DECISION, "", "người/80 tổ", "gte", 1, _SIGNED,
     date(2025, 6, 30), "Chỉ tiêu lịch sử: không còn cấp huyện từ 01/7/2025; cổng không tính."),
    ("T2", "Tập huấn viên cấp tỉnh cho mỗi 100 tổ hòa giải", _DECISION, "trainers_per_100_teams", "người/100 tổ",
     "gte", 1, _SIGNED, _TO_2030, ""),
    ("T3", "Tập huấn viên được tập huấn", _DECISION, "trainers_trained", "%", "gte", 100, _SIGNED, _TO_2030, ""),
    ("T4", "Tổ hòa giải được kiện toàn đủ số lượng, thành phần", _DECISION, "teams_consolidated", "%", "gte", 100,
     _SIGNED, _TO_2030, ""),
    ("T5", "Tổ hòa giải được luật sư, luật gia, hội thẩm, công an, bộ đội biên phòng… hỗ trợ", _DECISION,
     "teams_supported", "%", "gte", 10, _SIGNED, _TO_2030, ""),
    ("T6", "Hòa giải viên tiếp cận, sử dụng Bộ tài liệu", _DECISION, "mediators_with_materials", "%", "gte", 100,
     _SIGNED, _TO_2030, ""),
    ("T7", "Tỷ lệ hòa giải thành", _DECISION, "settled_of_received", "%", "gte", 85, _SIGNED, _TO_2030,
     "Chỉ tiêu của toàn quốc đến năm 2030; ở đây so với tỷ lệ của địa phương."),
    ("T8", "Tỷ lệ hòa giải thành tại xã điểm", _DECISION, "pilot_settled_of_received", "%", "gt", 90, _SIGNED,
     _TO_2030, "Tính chung các xã điểm của địa phương."),
    ("T9", "Tỷ lệ hòa giải thành theo chuẩn tiếp cận pháp luật", "Tiêu chí chuẩn tiếp cận pháp luật", "", "%", "gte",
     80, None, None, "Tính theo từng xã, phường; cổng chưa thu số liệu từng xã nên không tính."),
]  # fmt: skip
_FIELDS = ("name", "source", "rate", "unit", "direction", "value", "valid_from", "valid_to", "note")


def sync_council_targets(sender=None, using=DEFAULT_DB_ALIAS, apps=None, **kwargs) -> None:
    """Bring the decision's targets in step with the code at every migrate; what a council has set is its own."""
    known = {row.code: row for row in CouncilTarget.objects.using(using).filter(council=None)}
    for code, *values in DECISION_TARGETS:
        wanted = dict(zip(_FIELDS, values, strict=True))
        row = known.get(code)
        if row is None:
            CouncilTarget.objects.using(using).create(code=code, **wanted)
        elif any(getattr(row, name) != value for name, value in wanted.items()):
            for name, value in wanted.items():
                setattr(row, name, value)
            row.save(using=using)


def effective(rows: Iterable[CouncilTarget]) -> list[CouncilTarget]:
    """One row per code, the council's own before the decision's; T10 after T9."""
    by_code: dict[str, CouncilTarget] = {}
    for row in rows:
        if row.council_id is not None or row.code not in by_code:
            by_code[row.code] = row
    return sorted(by_code.values(), key=lambda row: sort_key(row.code))


def applies(row: CouncilTarget, starts_on: date, ends_on: date) -> bool:
    """Whether the target stands on a day of the period."""
    begun = row.valid_from is None or row.valid_from <= ends_on
    return begun and (row.valid_to is None or row.valid_to >= starts_on)


def _check_may(by, council: Council) -> None:
    if by is not None and not can(by, Perm.MANAGE_PLANS, council):
        raise NotAllowed("Chỉ Thư ký Hội đồng được đặt và điều chỉnh chỉ tiêu của Hội đồng.")


def set_council_target(
    *,
    council: Council,
    code: str,
    by,
    now: datetime,
    name: str,
    source: str,
    rate: str,
    value: Decimal | int,
    direction: str = "gte",
    valid_from: date | None = None,
    valid_to: date | None = None,
    note: str = "",
    reason: str = "",
) -> CouncilTarget:
    """Set the council's own figure of a target, of the decision or of its own making; others keep the decision's.

    ``value`` is in percent, or in the rate's unit. Setting the same again changes nothing; changing a target that
    stands needs a reason of ten characters. Raises NotAllowed or Incomplete; then nothing is written.
    """
    _check_may(by, council)
    with acting(by=by, verb="set_council_target", reason=reason):
        Council.objects.select_for_update(of=("self",)).get(pk=council.pk)  # two hands at once: one after the other
        standing = {row.code: row for row in effective(CouncilTarget.objects.of(council.pk))}.get(code)
        unit = RATE_BY_ID[rate].unit if rate in RATE_BY_ID else (standing.unit if standing else "%")
        values = (
            name.strip(),
            source.strip(),
            rate,
            unit,
            direction,
            Decimal(value),
            valid_from,
            valid_to,
            note.strip(),
        )
        wanted = dict(zip(_FIELDS, values, strict=True))
        if standing is not None and all(getattr(standing, field) == one for field, one in wanted.items()):
            return standing
        _check(code, wanted)
        if standing is not None:
            reason = check_reason(reason)
        own = standing if standing is not None and standing.council_id else CouncilTarget(council=council, code=code)
        before = f" (trước là {_goal(standing)})" if standing is not None else ""
        for field, one in wanted.items():
            setattr(own, field, one)
        own.save()
        summary = f"Đặt chỉ tiêu {own}: {_goal(own)}{before}"
        record(by=by, now=now, verb="set_council_target", obj=own, summary=summary, reason=reason)
    return own


def remove_council_target(*, council: Council, code: str, by, now: datetime, reason: str) -> None:
    """Take the council's own figure back: the decision's counts again, or the target is gone when it was the council's
    own. Doing it twice changes nothing. Raises NotAllowed or Incomplete (no reason).
    """
    _check_may(by, council)
    reason = check_reason(reason)
    with acting(by=by, verb="remove_council_target", reason=reason):
        own = CouncilTarget.objects.select_for_update().filter(council=council, code=code).first()
        if own is not None:
            summary = f"Bỏ chỉ tiêu riêng {own}: {_goal(own)}"
            record(by=by, now=now, verb="remove_council_target", obj=own, summary=summary, reason=reason)
            own.delete()


def _goal(row: CouncilTarget) -> str:
    blank = "" if row.unit == "%" else " "
    return f"{row.get_direction_display()} {show_number(row.value)}{blank}{row.unit}"


def _check(code: str, wanted: dict) -> None:
    todo = []
    if not code or not wanted["name"] or not wanted["source"]:
        todo.append("Chỉ tiêu cần có mã, tên và văn bản quy định.")
    if wanted["rate"] and wanted["rate"] not in RATE_BY_ID:
        todo.append("Chọn cách tính có trong danh sách.")
    if wanted["direction"] not in Target.Direction.values:
        todo.append("Chọn cách so sánh: ≥ hoặc >.")
    if wanted["value"] <= 0:
        todo.append("Chỉ tiêu phải lớn hơn 0.")
    elif wanted["unit"] == "%" and wanted["value"] > 100:
        todo.append("Chỉ tiêu tính bằng phần trăm không quá 100.")
    start, end = wanted["valid_from"], wanted["valid_to"]
    if start and end and end < start:
        todo.append("Ngày hết áp dụng phải bằng hoặc sau ngày bắt đầu.")
    if todo:
        raise Incomplete(*todo)
