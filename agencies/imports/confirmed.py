"""Confirmed imports of agencies and people: remembered, and undone until what they made has been used."""

import hashlib
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db import transaction

from agencies import accounts, membership, register
from agencies.errors import NotAllowed, WrongState
from agencies.history import acting, record
from agencies.imports.agencies_list import as_json, read_agencies, run_agencies
from agencies.imports.people_list import FirstPassword, read_people, run_people
from agencies.imports.running import ListResult
from agencies.models import Agency, Council, Membership, RegisterImport, User
from agencies.permissions import Perm, can

Kind = RegisterImport.Kind
PERM_OF = {Kind.AGENCIES: Perm.MANAGE_AGENCIES, Kind.PEOPLE: Perm.MANAGE_ACCOUNTS}


@dataclass(frozen=True)
class Outcome:
    """What a confirmed import did, with the first passwords of the accounts it opened."""

    result: ListResult
    batch: RegisterImport | None  # None when nothing had to be changed
    passwords: list[FirstPassword] = field(default_factory=list)


def look(
    *, kind: str, council: Council, content: bytes, filename: str, by: User, now: datetime, today: date
) -> ListResult:
    """What an import would do: nothing stays. Raises BadFile or NotAllowed."""
    result, _passwords = _run(kind, council, content, filename, by, now, today, keep=False)
    return result


def import_register(
    *, kind: str, council: Council, content: bytes, filename: str, by: User | None, now: datetime, today: date
) -> Outcome:
    """Carry an import out, whole or not at all. Raises BadFile, NotAllowed or ImportRefused."""
    with acting(by=by, verb="import_register"):
        result, passwords = _run(kind, council, content, filename, by, now, today, keep=True)
        done = [
            {"pk": row.pk, "outcome": row.outcome, "before": row.before, "after": row.after}
            for row in result.rows
            if row.outcome in ("new", "changed")
        ]
        if not done:
            return Outcome(result, None)
        batch = RegisterImport.objects.create(
            council=council,
            kind=kind,
            imported_by=by,
            imported_at=now,
            source_name=filename[:255],
            source_digest=hashlib.sha256(content).hexdigest(),
            done=done,
        )
        summary = f"Nhập {batch}: {result.summary.lower()}"
        record(by=by, now=now, verb="import_register", obj=batch, summary=summary)
    return Outcome(result, batch, passwords)


def _run(kind, council, content, filename, by, now, today, *, keep: bool):
    common = {"council": council, "by": by, "now": now, "today": today, "keep": keep}
    if kind == Kind.PEOPLE:
        return run_people(file=read_people(content, filename), **common)
    return run_agencies(file=read_agencies(content, filename), **common), []


def used_since(batch: RegisterImport) -> list[str]:
    """What the import made that somebody has used or changed since, in words: it can no longer be undone."""
    made = [row["pk"] for row in batch.done if row["outcome"] == "new"]
    edited = _edited_since(batch)
    if batch.kind == Kind.PEOPLE:
        signed_in = User.objects.filter(pk__in=made, last_login__isnull=False)
        return edited + [f"{user} đã đăng nhập." for user in signed_in]
    used = edited
    for agency in Agency.objects.filter(pk__in=made):
        if register.has_past(agency) or agency.plan_parties.exists():
            used.append(f"{agency} đã có trong kế hoạch, nhiệm vụ hoặc báo cáo.")
        elif agency.memberships.exists():
            used.append(f"{agency} đã có người dùng.")
        elif agency.children.exclude(pk__in=made).exists():
            used.append(f"{agency} đã có cơ quan trực thuộc.")
    return used


def _edited_since(batch: RegisterImport) -> list[str]:
    """Rows that the import amended and somebody amended again: undoing would take that away."""
    amended = {row["pk"]: row["after"] for row in batch.done if row.get("after")}
    model = User if batch.kind == Kind.PEOPLE else Agency
    return [
        f"{stored} đã được sửa sau lần nhập."
        for stored in model.objects.filter(pk__in=amended)
        if any(as_json(getattr(stored, name)) != value for name, value in amended[stored.pk].items())
    ]


@transaction.atomic
def undo_import(*, batch: RegisterImport, by: User, now: datetime, today: date) -> RegisterImport:
    """Take an import back: agencies it entered end on their first day, accounts it opened close, the rest is as before.

    Nothing is deleted: the record must stay true. Undoing twice changes nothing. Raises NotAllowed, or WrongState when
    something it made has been used; then nothing is changed.
    """
    if not can(by, PERM_OF[Kind(batch.kind)], batch.council):
        raise NotAllowed("Bạn không được hoàn tác lần nhập này.")
    with acting(by=by, verb="undo_import"):
        batch = RegisterImport.objects.select_for_update(of=("self",)).select_related("council").get(pk=batch.pk)
        if batch.undone_at is not None:
            return batch
        if used := used_since(batch):
            raise WrongState("Không hoàn tác được nữa, chưa có gì thay đổi:", *used)
        # Last first: an agency that another of the list belongs to was entered before it.
        for row in reversed(batch.done):
            (_undo_person if batch.kind == Kind.PEOPLE else _undo_agency)(row, batch, by, now, today)
        batch.undone_at = now
        batch.save(update_fields=["undone_at"])
        record(by=by, now=now, verb="undo_import", obj=batch, summary=f"Hoàn tác việc nhập {batch}")
    return batch


def _undo_agency(row: dict, batch: RegisterImport, by: User, now: datetime, today: date) -> None:
    agency = Agency.objects.select_related("council", "parent").get(pk=row["pk"])
    if row["outcome"] == "new":
        changes = {"valid_to": agency.valid_from + timedelta(days=1)}
    else:
        changes = dict(row["before"])
        for name in ("valid_from", "valid_to"):
            if changes.get(name):
                changes[name] = date.fromisoformat(changes[name])
        if changes.get("parent"):
            changes["parent"] = Agency.objects.get(pk=changes["parent"])
    register.amend_agency(agency=agency, by=by, now=now, **changes)


def _undo_person(row: dict, batch: RegisterImport, by: User, now: datetime, today: date) -> None:
    user, before = User.objects.get(pk=row["pk"]), dict(row["before"])
    if row["outcome"] == "new":
        membership.close_account(user=user, by=by, now=now, council=batch.council)
        return
    if member := before.pop("membership", None):
        given = Membership.objects.select_related("user", "agency__council", "council").get(pk=member)
        membership.leave(member=given, by=by, now=now, on=today)
    if before:
        accounts.amend_person(user=user, by=by, now=now, **before)
