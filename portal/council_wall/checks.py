"""What ``manage.py check --deploy --database default`` says about the wall."""

from django.conf import settings
from django.core.checks import Warning as Remark

from portal.council_wall.install import acts_as_owner, without_wall


def the_wall_stands(app_configs, databases=None, **options):
    """The portal should sign in to the database as a role that policies bind, and every table should have its own."""
    if not databases or settings.EMBEDDED_DATABASE:
        return []
    found = []
    if acts_as_owner():
        found.append(
            Remark(
                "Cổng đang đăng nhập cơ sở dữ liệu bằng tài khoản chủ sở hữu hoặc quản trị: bức tường giữa "
                "các hội đồng chỉ dựng lên trong từng yêu cầu, không có từ đầu kết nối.",
                hint="Cho tiến trình web và tiến trình nền đăng nhập bằng portal_app; chủ sở hữu chỉ chạy migrate.",
                id="portal.W001",
            )
        )
    if missing := without_wall():
        found.append(
            Remark(
                f"Có {len(missing)} bảng chưa có chính sách của hội đồng: {', '.join(missing)}.",
                hint="Chạy manage.py migrate bằng chủ sở hữu cơ sở dữ liệu.",
                id="portal.W002",
            )
        )
    return found
