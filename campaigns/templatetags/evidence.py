"""What a page may send as evidence, for the drop zone of any room."""

from django import template
from django.conf import settings

from agencies.files.kinds import ACCEPT

register = template.Library()


@register.simple_tag
def evidence_rules() -> dict:
    """The rules of ``campaigns.evidence`` for a file field: endings, size of a file, files of one sending."""
    limit = settings.PORTAL_MAX_UPLOAD_BYTES
    return {"accept": ACCEPT, "bytes": limit, "megabytes": limit // 1048576, "files": settings.PORTAL_MAX_FILES}
