"""The two long works of an import of activities, as the worker and the pages know them."""

from agencies.long_work import kinds
from agencies.permissions import Perm
from campaigns.bulk_activities import checking, writing


def register_kinds() -> None:
    """Make them known."""
    kinds.register(
        kinds.Kind(
            name=checking.CHECK,
            label="Kiểm tra tệp",
            perms=(Perm.RECORD_PROGRESS,),
            begin=checking.begin,
            piece=checking.piece,
            order_at="activity-import",
            act="Nhập hoạt động từ tệp",
            icon="arrow-up-tray",
            look_at="activity-import-preview",
            look="Xem kết quả kiểm tra",
        )
    )
    kinds.register(
        kinds.Kind(
            name=writing.WRITE,
            label="Nhập hoạt động",
            perms=(Perm.RECORD_PROGRESS,),
            begin=writing.begin,
            piece=writing.piece,
        )
    )
