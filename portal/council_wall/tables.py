"""Which tables belong to a council, and through what: the one list. A model that is not here fails a test."""

from dataclasses import dataclass

from django.apps import apps
from django.db import models


@dataclass(frozen=True)
class Belongs:
    """A row belongs to the council reached by the first of these foreign keys that is set.

    ``shared`` says why a row without any is everybody's; '' where every row has a council. ``insert_only``: the wall
    gives nobody a way to change or delete.
    """

    by: tuple[str, ...]
    shared: str = ""
    insert_only: bool = False
    also: str = ""  # a foreign key to an agency whose council may read and change the row as well


def _by(*names: str, **more) -> Belongs:
    return Belongs(names, **more)


BELONGS: dict[str, Belongs] = {
    "agencies.Council": _by("id"),
    "agencies.Agency": _by("council"),
    "agencies.Succession": _by("predecessor", also="successor"),
    "agencies.Membership": _by("council", "agency"),
    "agencies.RoleReview": _by("member", insert_only=True),
    "agencies.AgencyUserPermission": _by("content_object"),
    "agencies.AgencyGroupPermission": _by("content_object"),
    "agencies.CouncilUserPermission": _by("content_object"),
    "agencies.CouncilGroupPermission": _by("content_object"),
    "agencies.RegisterImport": _by("council"),
    "agencies.RecordEntry": _by("council", shared="việc của cả hệ thống, không của hội đồng nào", insert_only=True),
    "agencies.Comment": _by("council"),
    "agencies.SavedView": _by("council", "agency", shared="bộ lọc của riêng một người: một địa chỉ, không có dữ liệu"),
    "agencies.Notice": _by("council", "agency", shared="lời báo cho riêng một người, không nhắc việc của hội đồng nào"),
    "agencies.LongWork": _by("council", shared="việc của cả hệ thống (mở kỳ toàn quốc), không có trang nào hiện"),
    "agencies.StagedRow": _by("work", shared="việc của cả hệ thống không đọc tệp nào"),
    "campaigns.Plan": _by("council"),
    "campaigns.PlanParty": _by("plan"),
    "campaigns.PlanSection": _by("plan"),
    "campaigns.PlanImport": _by("council"),
    "campaigns.Task": _by("council"),
    "campaigns.Assignment": _by("task"),
    "campaigns.Target": _by("plan"),
    "campaigns.Activity": _by("agency"),
    "campaigns.Activity_tasks": _by("activity"),
    "campaigns.ActivityFigure": _by("activity"),
    "campaigns.ActivitySite": _by("activity"),
    "campaigns.ActivitySum": _by("agency"),
    "campaigns.DifferentEvents": _by("first"),
    "campaigns.Evidence": _by("agency"),
    "reports.FrozenValue": _by("council", insert_only=True),
    "reports.Period": _by("council"),
    "reports.ProgressReport": _by("period"),
    "reports.ReportLine": _by("report"),
    "reports.ReportFigure": _by("report"),
    "reports.LineEvidence": _by("line"),
    "agencies.RecordLink": _by("entry", shared="dòng không thuộc hội đồng nào", insert_only=True),
    "reports.Receipt": _by("council", insert_only=True),
    "reports.Reminder": _by("period", insert_only=True),
    "reports.CouncilReport": _by("period"),
    "reports.CouncilReportVersion": _by("report", insert_only=True),
    "reports.CouncilTarget": _by("council", shared="chỉ tiêu của chính quyết định, mọi hội đồng đều theo"),
    "reports.FormVersion": _by("council"),
    "reports.FormEstimate": _by("council"),
    "reports.WordTemplate": _by("council"),
}

# Tables of these rooms that belong to no council, and why.
NOBODYS: dict[str, str] = {
    "agencies.User": "một người có thể thuộc nhiều hội đồng; đăng nhập tìm tài khoản khi chưa biết hội đồng nào",
    "agencies.User_groups": "bảng nối của tài khoản, chỉ có số hiệu",
    "agencies.User_user_permissions": "bảng nối của tài khoản, luôn trống: quyền chỉ cấp cho nhóm",
    "agencies.CalendarFeed": "địa chỉ bí mật của một người, được tìm trước khi biết người đó là ai",
    "agencies.Session": "phiên của một người, tìm bằng khóa khi chưa biết người đó là ai",
    "agencies.WrongTries": "đếm lần thử sai theo mã băm, trước khi biết có tài khoản nào như vậy không",
    "agencies.FormerPassword": "mật khẩu cũ của một người, đã băm",
    "agencies.SentForm": "biểu một người đã gửi, chỉ người đó tìm lại",
    "campaigns.Indicator": "danh mục chung của sản phẩm",
    "reports.Holiday": "ngày nghỉ chung của cả nước",
}

ROOMS = ("agencies", "campaigns", "reports")
COLUMN = "wall_council_id"


@dataclass(frozen=True)
class Table:
    """One table behind the wall. ``column`` holds the council; ``source`` is the SQL that fills it, '' when the model
    itself has it. ``history`` marks the table of versions that pghistory keeps of another one."""

    name: str
    column: str
    source: str
    source_columns: tuple[str, ...]
    shared: bool
    insert_only: bool
    history: bool
    also: str = ""  # column of an agency whose council sees the row as well


def label_of(model) -> str:
    """'reports.Period': the name by which the lists above call a model."""
    return f"{model._meta.app_label}.{model._meta.object_name}"


def our_models() -> list[type[models.Model]]:
    """Every model of the rooms with a table of its own, joining tables included, tables of versions not."""
    return [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label in ROOMS and model._meta.managed and not hasattr(model, "pgh_tracked_model")
    ]


def _history_of(label: str) -> list[type[models.Model]]:
    return [
        model
        for model in apps.get_models(include_auto_created=True)
        if getattr(model, "pgh_tracked_model", None) is not None and label_of(model.pgh_tracked_model) == label
    ]


def walled_tables() -> list[Table]:
    """Every table behind the wall, those that others ask before those that ask them."""
    found: dict[str, Table] = {}

    def add(label: str) -> Table:
        if label in found:
            return found[label]
        model = apps.get_model(label)
        rule = BELONGS[label]
        fields = [] if rule.by == ("id",) else [model._meta.get_field(name) for name in rule.by]
        parents = {field: add(label_of(field.related_model)) for field in fields}
        table = _table(model, rule, fields, parents, history=False)
        found[label] = table
        for versions in _history_of(label):
            found[label_of(versions)] = _table(versions, rule, fields, parents, history=True)
        return table

    for label in BELONGS:
        add(label)
    return list(found.values())


def _table(model, rule: Belongs, fields, parents, *, history: bool) -> Table:
    shared, insert_only = bool(rule.shared) or history, rule.insert_only or history
    name = model._meta.db_table
    if not fields:
        return Table(name, "id", "", (), shared, insert_only, history)
    if len(fields) == 1 and label_of(fields[0].related_model) == "agencies.Council":
        return Table(name, fields[0].column, "", (), shared, insert_only, history)
    parts = []
    for field in fields:
        parent = parents[field]
        if parent.column == "id":
            parts.append(f"NEW.{field.column}")
        else:
            key = field.target_field.column
            parts.append(f"(SELECT p.{parent.column} FROM {parent.name} p WHERE p.{key} = NEW.{field.column})")
    source = parts[0] if len(parts) == 1 else f"COALESCE({', '.join(parts)})"
    also = "" if history or not rule.also else model._meta.get_field(rule.also).column
    return Table(name, COLUMN, source, tuple(field.column for field in fields), shared, insert_only, history, also)
