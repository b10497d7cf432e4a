"""The council, its agencies and its people, with the groups and grants that the membership verbs would give."""

from datetime import date

from agencies.models import Agency, Council, Role
from agencies.permissions import group_name
from agencies.vietnamese import fold
from portal.worlds.land import Land, Seat, moment
from portal.worlds.phrases import POSITIONS
from portal.worlds.places import DEPARTMENTS, PROVINCES, communes, person

_FOUNDED, _BEGUN = date(2004, 1, 1), date(2023, 12, 4)


def settle(land: Land, agencies: int) -> None:
    """Found the council with that many agencies and give each its people."""
    slug, name, is_city = PROVINCES[land.index]
    kind = "thành phố" if is_city else "tỉnh"
    of = f"{kind} {name}"
    council = f"Hội đồng phối hợp phổ biến, giáo dục pháp luật {of}"
    chair, vice = person(land.dice.random), person(land.dice.random)
    standing = land.sheets["agencies_agency"].next  # Sở Tư pháp, the first
    land.sheets["agencies_council"].add(slug, council, of, name, f"Ủy ban nhân dân {of}", standing, chair, vice)
    _found_agencies(land, agencies, of=of, kind=kind, place=name)
    for role, login in ((Role.SECRETARY, "thuky"), (Role.LEADER, "lanhdao"), (Role.ADMINISTRATOR, "quantri")):
        pk, full_name = _open_account(land, f"{slug}.{login}", POSITIONS[role.value])
        _join(land, pk, full_name, None, role, council)
        if role == Role.SECRETARY:
            land.secretary, land.secretary_name = pk, full_name
    for seat in land.seats:
        seat.liaison, seat.liaison_name = _open_account(land, f"{slug}.{seat.code}", POSITIONS["liaison"])
        _join(land, seat.liaison, seat.liaison_name, seat, Role.LIAISON, seat.name)
        if seat.approval:
            seat.approver, seat.approver_name = _open_account(land, f"{slug}.{seat.code}.duyet", POSITIONS["approver"])
            _join(land, seat.approver, seat.approver_name, seat, Role.APPROVER, seat.name)


def _found_agencies(land: Land, count: int, **words) -> None:
    random, texts = land.dice.random, []
    for rank, (code, name, short_name, letters, approval) in enumerate(DEPARTMENTS[:count]):
        weight = 1 / (rank + 1) ** 0.7
        texts.append((code, name.format(**words), short_name.format(**words), letters, approval, weight, ""))
    # Of a small council some places are named all the same: activities are held there.
    land.communes = communes(max(12, count - len(DEPARTMENTS)))
    for commune in land.communes[: max(0, count - len(DEPARTMENTS))]:
        code = fold(commune).replace(" ", "-")
        weight = 0.04 * land.dice.lognormvariate(0, 0.6)
        approval = random() < 0.15
        name = f"Ủy ban nhân dân {commune} {words['of']}"
        texts.append((code, name, f"UBND {commune}", "UBND", approval, weight, commune))
    sheet = land.sheets["agencies_agency"]
    for order, (code, name, short_name, letters, approval, weight, commune) in enumerate(texts, 1):
        folded = fold(f"{name} {short_name} {code}")
        pk = sheet.add(land.pk, code, name, short_name, [], letters, _FOUNDED, approval, 10 * order, folded)
        land.seats.append(Seat(pk, code, name, short_name, letters, weight, approval, commune))
        land.record(
            moment(_BEGUN, 8),
            None,
            "Hệ thống",
            "create_agency",
            f"Thêm cơ quan {name}",
            "agencies.agency",
            pk,
            agency=pk,
        )


def _open_account(land: Land, username: str, position: str) -> tuple[int, str]:
    name = person(land.dice.random)
    opened = moment(_BEGUN, 8, 30)
    pk = land.sheets["agencies_user"].add(
        land.ground.password, False, username, "", False, True, opened, name, position, "", [], False
    )
    land.record(opened, None, "Hệ thống", "create_account", f"Tạo tài khoản {name}", "agencies.user", pk)
    return pk, name


def _join(land: Land, user: int, name: str, seat: Seat | None, role: Role, where: str) -> None:
    council = None if seat else land.pk
    sheets, agency = land.sheets, seat.pk if seat else None
    pk = sheets["agencies_membership"].add(user, agency, council, role.value, _BEGUN, land.pk)
    group = _ensure_group(land, "agency" if seat else "council", agency or land.pk, role)
    sheets["agencies_user_groups"].add(user, group)
    summary = f"Giao vai trò {role.label} tại {where} cho {name}"
    land.record(moment(_BEGUN, 9), None, "Hệ thống", "join", summary, "agencies.membership", pk, agency=agency)


def _ensure_group(land: Land, kind: str, pk: int, role: Role) -> int:
    """Each role of each scope is given once in a world: the group is always new."""
    scope = Agency(pk=pk) if kind == "agency" else Council(pk=pk)
    group = land.sheets["auth_group"].add(group_name(scope, role))
    for permission in land.ground.grants(kind, role):
        if kind == "agency":
            land.sheets["agencies_agencygrouppermission"].add(pk, group, permission, land.pk)
        else:
            land.sheets["agencies_councilgrouppermission"].add(pk, group, permission)
    return group
