"""Councils, agencies and people of the demo, entered with the verbs of the agencies room."""

from datetime import date

from django.contrib.auth.hashers import make_password

from agencies.clock import at
from agencies.membership import create_account, join
from agencies.models import Agency, Council, User
from agencies.register import create_agency
from portal.demo.councils import (
    CAN_THO,
    CAN_THO_AGENCIES,
    FOUNDED,
    TIEN_GIANG,
    TIEN_GIANG_AGENCIES,
    AgencyText,
    CouncilText,
)
from portal.demo.logins import DEMO_PASSWORD, PEOPLE

JOINED = date(2022, 1, 4)


def found_council(text: CouncilText, agencies: tuple[AgencyText, ...]) -> tuple[Council, dict[str, Agency]]:
    """A council with its agencies in protocol order; the first is the standing one. No verb founds a council."""
    council = Council.objects.create(
        code=text.code,
        name=text.name,
        short_name=text.short_name,
        place=text.place,
        parent_body=text.parent_body,
        chair_name=text.chair_name,
        standing_vice_chair_name=text.standing_vice_chair_name,
    )
    rows = {
        agency.code: create_agency(
            council=council,
            code=agency.code,
            name=agency.name,
            short_name=agency.short_name,
            abbreviation=agency.abbreviation,
            aliases=agency.aliases,
            requires_approval=agency.approval,
            protocol_order=10 * order,
            valid_from=FOUNDED,
            by=None,
            now=at(JOINED),
        )
        for order, agency in enumerate(agencies, 1)
    }
    council.standing_agency = rows[agencies[0].code]
    council.save()
    return council, rows


def found_all() -> tuple[dict[str, Council], dict[str, dict[str, Agency]], dict[str, User]]:
    """Both councils, their agencies by council and code, and everybody by user name."""
    councils, agencies = {}, {}
    for text, rows in ((CAN_THO, CAN_THO_AGENCIES), (TIEN_GIANG, TIEN_GIANG_AGENCIES)):
        councils[text.code], agencies[text.code] = found_council(text, rows)
    # The demo's password is public and everybody's; hashing it once instead of 25 times saves ten seconds.
    hashed, people = make_password(DEMO_PASSWORD), {}
    for username, name, position, scope, role in PEOPLE:
        council_code, _, agency_code = scope.partition("/")
        council = councils[council_code]
        user = create_account(
            username=username,
            full_name=name,
            position=position,
            password=None,
            by=None,
            now=at(JOINED),
            council=council,
        )
        user.password = hashed
        user.save(update_fields=["password"])
        place = agencies[council_code][agency_code] if agency_code else council
        join(user=user, scope=place, role=role, by=None, now=at(JOINED), on=JOINED)
        people[username] = user
    return councils, agencies, people
