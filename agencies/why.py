"""What can be done with an agency, by whom, and what stands against it."""

from agencies.explain import Deed
from agencies.models import Agency
from agencies.permissions import Perm
from agencies.register import has_past


def deeds_of_agency(agency: Agency) -> list[Deed]:
    """Its facts, its succession, its people, its record."""
    scope = (agency,)
    renaming = "Cơ quan đã có nhiệm vụ, báo cáo: tên chỉ sửa được lỗi chính tả; đổi tên thì dùng Sắp xếp tổ chức."
    return [
        Deed("view_work", "Xem nhiệm vụ, báo cáo của cơ quan", (Perm.VIEW_WORK,), scope),
        Deed(
            "amend_agency",
            "Sửa thông tin cơ quan",
            (Perm.MANAGE_AGENCIES,),
            scope,
            note=renaming if has_past(agency) else "",
        ),
        Deed("succeed", "Sắp xếp tổ chức (hợp nhất, chia tách, đổi tên)", (Perm.MANAGE_AGENCIES,), scope),
        Deed("join", "Giao vai trò, tạo tài khoản", (Perm.MANAGE_ACCOUNTS,), scope,
             note="Không ai tự giao hay tự kết thúc vai trò của chính mình."),
        Deed("view_record", "Xem nhật ký của cơ quan", (Perm.VIEW_AGENCY_RECORD,), scope),
    ]  # fmt: skip
