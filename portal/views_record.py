"""The record, for those who may read it: who did what, when, from where, and what it was before and after."""

import re
from dataclasses import dataclass
from decimal import Decimal

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.core.paginator import Paginator
from django.db.models import DateField, DateTimeField, DecimalField, FloatField, Q
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_safe

from agencies.models import RecordEntry, User
from agencies.permissions import Grants, Perm, access, grants_of
from agencies.pseudonyms import Pseudonyms, pseudonyms_of
from agencies.tables.listing import Column, list_file
from agencies.vietnamese import clean, show_number
from portal.forms import RecordFilter

RECORD_PAGE = 50
_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)$")


@dataclass(frozen=True)
class Line:
    """One line as this reader may see it: the address only where it is theirs to see, an erased person's name never."""

    entry: RecordEntry
    reader: User
    grants: Grants
    pseudonyms: Pseudonyms

    @property
    def actor(self) -> str:
        return self.pseudonyms.actor(self.entry)

    @property
    def summary(self) -> str:
        return self.pseudonyms.in_line(self.entry, self.entry.summary)

    @property
    def reason(self) -> str:
        return self.pseudonyms.in_line(self.entry, self.entry.reason)

    @property
    def address(self) -> str:
        """From where; for the person and for those who manage the council's accounts."""
        entry, managed = self.entry, self.grants.councils(Perm.MANAGE_ACCOUNTS)
        within = entry.council_id in managed if entry.council_id else bool(managed)
        return (entry.address or "") if within or entry.is_visit_of(self.reader) else ""

    @property
    def changes(self) -> list[tuple[str, str, str]]:
        """(field, before, after) in the words of the forms; what only the machine knows is left out."""
        try:
            model = apps.get_model(self.entry.object_type)
        except (LookupError, ValueError):
            return []
        told = []
        for column, (before, after) in (self.entry.changes or {}).items():
            try:
                field = model._meta.get_field(column.removesuffix("_id"))
            except FieldDoesNotExist:
                continue  # a column of an earlier version
            said = [self.pseudonyms.value(self.entry, field.name, _in_words(field, value)) for value in (before, after)]
            if said[0] != said[1]:
                told.append((str(field.verbose_name).capitalize(), *said))
        return told


def _in_words(field, value) -> str:
    if value in (None, "", [], {}):
        return "—"
    if isinstance(value, bool):
        return "Có" if value else "Không"
    if isinstance(value, dict):
        return f"(văn bản dài {value['length']} ký tự)" if "sha256" in value else "(nhiều giá trị)"
    if isinstance(value, list):
        return ", ".join(str(each) for each in value)
    if field.is_relation:
        return f"số {value}"
    if isinstance(field, DateTimeField) and (instant := parse_datetime(str(value))):
        return f"{timezone.localtime(instant):%H:%M %d/%m/%Y}"
    if isinstance(field, DecimalField | FloatField):
        return show_number(Decimal(str(value)))
    if isinstance(field, DateField) and (day := _DAY.match(str(value))):
        return "/".join(reversed(day.groups()))
    return str(dict(field.flatchoices).get(value, value)) if field.choices else str(value)


@require_safe
@access(Perm.VIEW_AGENCY_RECORD, Perm.VIEW_COUNCIL_RECORD)
def record(request):
    """Who did what, newest first, of one's agency or council; one's own visits among it."""
    entries = RecordEntry.objects.visible_to(request.user).select_related("agency")
    form = RecordFilter(request.GET, user=request.user)
    form.is_valid()
    grants, pseudonyms = grants_of(request.user), pseudonyms_of(request)
    entries = _filtered(entries, form.cleaned_data, pseudonyms)

    def lines(some):
        return (Line(entry, request.user, grants, pseudonyms) for entry in some)

    rows = lines(entries.iterator(500))
    if file := list_file(request, name="nhat-ky", title="Nhật ký", columns=_COLUMNS, rows=rows):
        return file
    page = Paginator(entries, RECORD_PAGE).get_page(request.GET.get("page"))
    people_only = grants.councils(Perm.VIEW_COUNCIL_RECORD) - grants.councils(Perm.VIEW_COUNCIL_WORK)
    context = {
        "form": form,
        "page_obj": page,
        "lines": list(lines(page)),
        "filtered": any(request.GET.get(name) for name in form.fields),
        "people_only": bool(people_only),
    }
    return render(request, "portal/record.html", context)


_COLUMNS = [
    Column("Lúc", lambda line: line.entry.at, 17),
    Column("Loại", lambda line: line.entry.get_kind_display(), 20),
    Column("Người", lambda line: line.actor, 26),
    Column("Việc đã làm", lambda line: line.summary, 70),
    Column("Trước và sau", lambda line: "; ".join(f"{name}: {was} → {now}" for name, was, now in line.changes), 50),
    Column("Lý do", lambda line: line.reason, 40),
    Column("Cơ quan", lambda line: line.entry.agency.short_name if line.entry.agency else "", 24),
    Column("Từ địa chỉ", lambda line: line.address, 18),
]


def _filtered(entries, wanted: dict, pseudonyms: Pseudonyms):
    if wanted.get("tu"):
        entries = entries.filter(at__date__gte=wanted["tu"])
    if wanted.get("den"):
        entries = entries.filter(at__date__lte=wanted["den"])
    if words := clean(wanted.get("q")):
        entries = pseudonyms.found(entries, words)
    if person := wanted.get("nguoi"):
        entries = entries.filter(Q(actor=person) | Q(object_type=User._meta.label_lower, object_id=person))
    if wanted.get("loai"):
        entries = entries.filter(kind=wanted["loai"])
    if wanted.get("agency"):
        entries = entries.filter(agency=wanted["agency"])
    return entries
