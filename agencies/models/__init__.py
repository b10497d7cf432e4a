"""The models of the agencies room; everybody imports them from here."""

from agencies.models.comments import Comment, Discussed
from agencies.models.finding import CalendarFeed, SavedView
from agencies.models.long_work import WORK_FOLDER, LongWork, StagedRow
from agencies.models.notices import Notice
from agencies.models.record import RecordEntry, RecordLink
from agencies.models.reviews import RoleReview
from agencies.models.sent import SentForm
from agencies.models.signing_in import FormerPassword, Session, WrongTries
from agencies.models.who import (
    AGENCY_ROLES,
    COUNCIL_ROLES,
    ERASED_USERNAME,
    Agency,
    AgencyGroupPermission,
    AgencyUserPermission,
    Council,
    CouncilGroupPermission,
    CouncilUserPermission,
    Membership,
    RegisterImport,
    Role,
    Succession,
    User,
    tracked,
    tracked_without,
)

__all__ = [
    "AGENCY_ROLES",
    "COUNCIL_ROLES",
    "ERASED_USERNAME",
    "WORK_FOLDER",
    "Agency",
    "AgencyGroupPermission",
    "AgencyUserPermission",
    "CalendarFeed",
    "Comment",
    "Council",
    "CouncilGroupPermission",
    "CouncilUserPermission",
    "Discussed",
    "FormerPassword",
    "LongWork",
    "Membership",
    "Notice",
    "RecordEntry",
    "RecordLink",
    "RegisterImport",
    "Role",
    "RoleReview",
    "SavedView",
    "Session",
    "SentForm",
    "StagedRow",
    "Succession",
    "User",
    "WrongTries",
    "tracked",
    "tracked_without",
]
