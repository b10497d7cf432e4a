"""What ``manage.py check --deploy`` says about the machines around the portal."""

from django.conf import settings
from django.core.checks import Warning as Remark


def addresses_are_told(app_configs, **options):
    """Behind a web server in front, the portal must be told to read people's addresses from it."""
    if not settings.PORTAL_TLS or settings.PORTAL_PROXIES:
        return []
    return [
        Remark(
            "Cổng chạy sau máy chủ https (PORTAL_TLS) mà PORTAL_PROXIES là 0: cổng không biết địa chỉ của ai, mọi "
            "người bị đếm chung khi có người đăng nhập sai, và nhật ký không có địa chỉ máy.",
            hint="Đặt PORTAL_PROXIES=1 (số máy chủ trung gian của chính mình trước cổng) trong /etc/portal/portal.env.",
            id="portal.W003",
        )
    ]
