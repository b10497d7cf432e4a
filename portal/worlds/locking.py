"""Past quarters, locked: the one place of a world where a period's value is frozen, with the portal's own verb."""

from datetime import timedelta

from agencies.clock import at
from agencies.models import User
from portal.worlds.sizes import LAST, QUARTERS
from reports.models import Period
from reports.workflow import lock_period

_REASON = "Đã đôn đốc; khóa kỳ theo tiến độ, cơ quan chưa nộp được tổng hợp ở kỳ sau."


def lock_past(council: int) -> int:
    """Lock a council's quarters but the last, oldest first; returns how many. What is locked stays."""
    secretary = User.objects.get(memberships__council=council, memberships__role="secretary")
    codes = [span.code for span in QUARTERS[:LAST]]
    count = 0
    for period in Period.objects.filter(council=council, code__in=codes, state="open").order_by("starts_on"):
        # After the last late report was accepted, and after the leader's deadline.
        day = max(period.leader_due_on, period.ends_on + timedelta(days=12))
        lock_period(period=period, by=secretary, now=at(day, 16), reason=_REASON)
        count += 1
    return count
