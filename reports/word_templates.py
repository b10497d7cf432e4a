"""The Word template of a council: taking a new one, going back to an older or to the built-in one."""

import hashlib
from datetime import datetime

from agencies.errors import Incomplete, NotAllowed
from agencies.history import acting, record
from agencies.models import Council
from agencies.permissions import Perm, can
from agencies.vietnamese import clean
from reports.exports.word_template_check import check_template
from reports.models import WordTemplate


def active_template(council: Council) -> bytes | None:
    """The template from which the council's reports are made now; None for the built-in one."""
    content = WordTemplate.objects.filter(council=council, is_active=True).values_list("content", flat=True).first()
    return None if content is None else bytes(content)


def install_template(*, council: Council, by, now: datetime, name: str, content: bytes) -> WordTemplate:
    """Check an uploaded template and use it from now on. The file that is in use already is found again.

    Raises NotAllowed, or Incomplete with everything that is wrong; then the template in use stays.
    """
    if not can(by, Perm.CONSOLIDATE, council):
        raise NotAllowed("Chỉ Thư ký Hội đồng được thay mẫu văn bản.")
    checked = check_template(content)  # before the transaction: it takes a second and holds nothing
    if checked.problems:
        raise Incomplete(*checked.problems, "Chưa thay đổi gì: báo cáo vẫn xuất theo mẫu đang dùng.")
    name = clean(name.replace("\\", "/").rsplit("/", 1)[-1])[:255] or "mau.docx"
    digest = hashlib.sha256(content).hexdigest()
    with acting(by=by, verb="install_template"):
        known = _held(council)
        same = next((one for one in known if one.digest == digest), None)
        if same is not None:
            return _use(same, known, by, now)
        template = WordTemplate.objects.create(
            council=council,
            version=max((one.version for one in known), default=0) + 1,
            name=name,
            content=content,
            digest=digest,
            size=len(content),
            warnings=[*checked.notes, *map(str, checked.findings)],
            uploaded_at=now,
            uploaded_by=by,
        )
        return _use(template, known, by, now)


def activate_template(*, template: WordTemplate, by, now: datetime) -> WordTemplate:
    """Use a version that was taken before. Using the one in use changes nothing. Raises NotAllowed."""
    if not can(by, Perm.CONSOLIDATE, template.council):
        raise NotAllowed("Chỉ Thư ký Hội đồng được thay mẫu văn bản.")
    with acting(by=by, verb="activate_template"):
        known = _held(template.council)
        return _use(next(one for one in known if one.pk == template.pk), known, by, now)


def use_builtin_template(*, council: Council, by, now: datetime) -> None:
    """Go back to the portal's own template; the uploaded versions stay. Safe to repeat. Raises NotAllowed."""
    if not can(by, Perm.CONSOLIDATE, council):
        raise NotAllowed("Chỉ Thư ký Hội đồng được thay mẫu văn bản.")
    with acting(by=by, verb="use_builtin_template"):
        for one in _held(council):
            if one.is_active:
                one.is_active = False
                one.save(update_fields=["is_active"])
                summary = f"Dùng lại mẫu có sẵn của cổng, thôi dùng mẫu phiên bản {one.version}"
                record(by=by, now=now, verb="use_builtin_template", obj=one, summary=summary)


def _held(council: Council) -> list[WordTemplate]:
    """The council's templates, while nobody else changes them."""
    Council.objects.select_for_update(of=("self",)).get(pk=council.pk)
    return list(WordTemplate.objects.filter(council=council).defer("content"))


def _use(template: WordTemplate, known: list[WordTemplate], by, now: datetime) -> WordTemplate:
    if template.is_active:
        return template
    for other in known:
        if other.is_active:
            other.is_active = False
            other.save(update_fields=["is_active"])
    template.is_active = True
    template.save(update_fields=["is_active"])
    record(by=by, now=now, verb="use_template", obj=template, summary=f"Dùng {template} cho báo cáo của Hội đồng")
    return template
