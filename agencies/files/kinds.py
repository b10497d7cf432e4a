"""Which files may be kept as evidence: an allow-list, decided by what is inside (rule V27)."""

from django.conf import settings

from agencies.files.office import fault_of_office
from agencies.files.pdf import fault_of_pdf
from agencies.files.pictures import fault_of_jpeg, fault_of_png
from agencies.files.virus import RefusedFile
from agencies.tables.problems import BadFile

# Extension → (media type, may a browser show it in place)
ALLOWED = {
    "pdf": ("application/pdf", True),
    "png": ("image/png", True),
    "jpg": ("image/jpeg", True),
    "jpeg": ("image/jpeg", True),
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", False),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", False),
}
ACCEPT = ",".join(f".{extension}" for extension in ALLOWED)  # of a file field
_MAGIC = {"pdf": b"%PDF-", "png": b"\x89PNG\r\n\x1a\n", "jpg": b"\xff\xd8\xff", "jpeg": b"\xff\xd8\xff"}
_LOOK = {"pdf": fault_of_pdf, "png": fault_of_png, "jpg": fault_of_jpeg, "jpeg": fault_of_jpeg}
# What people often have instead, and the way to something that is taken.
_INSTEAD = {
    "heic": "Đây là ảnh HEIC của iPhone: vào Cài đặt › Camera › Định dạng › Tương thích nhất rồi chụp lại.",
    "doc": "Đây là Word kiểu cũ: mở tệp, chọn Lưu thành (Save As) .docx rồi gửi.",
    "xls": "Đây là Excel kiểu cũ: mở tệp, chọn Lưu thành (Save As) .xlsx rồi gửi.",
    "docm": "Tệp có macro: mở tệp, lưu thành .docx rồi gửi.",
    "xlsm": "Tệp có macro: mở tệp, lưu thành .xlsx rồi gửi.",
    "zip": "Hãy giải nén rồi gửi từng tệp.",
    "rar": "Hãy giải nén rồi gửi từng tệp.",
}


def check_file(name: str, content: bytes) -> str:
    """The file's media type, found by its content. Raises RefusedFile (rule V27)."""
    refuse_size(name, len(content))
    extension = name.rsplit(".", 1)[-1].casefold() if "." in name else ""
    if extension not in ALLOWED:
        known = "Chỉ nhận PDF, Word (.docx), Excel (.xlsx) và ảnh PNG, JPG."
        raise RefusedFile(f"Không nhận tệp “{name}”. {known} {_INSTEAD.get(extension, '')}".rstrip())
    if extension in _MAGIC:
        if not content.startswith(_MAGIC[extension]):
            raise _not_that(name, extension)
        fault = _LOOK[extension](content)
    else:
        try:
            fault = fault_of_office(content, name)
        except BadFile as error:
            raise RefusedFile(
                f"Không nhận tệp “{name}”: nội dung không phải là .{extension} lành lặn. " + " ".join(error.messages)
            ) from error
    if fault:
        raise RefusedFile(f"Tệp “{name}” {fault}")
    return ALLOWED[extension][0]


def refuse_size(name: str, size: int) -> None:
    """Raise RefusedFile for an empty file and for one above ``PORTAL_MAX_UPLOAD_BYTES``."""
    limit = settings.PORTAL_MAX_UPLOAD_BYTES
    if not size:
        raise RefusedFile(f"Tệp “{name}” trống. Chưa lưu tệp nào; hãy chọn lại.")
    if size > limit:
        raise RefusedFile(
            f"Tệp “{name}” nặng {size / 1048576:.0f} MB, quá mức {limit // 1048576} MB. "
            "Hãy nén ảnh hoặc tách tệp rồi gửi lại."
        )


def _not_that(name: str, extension: str) -> RefusedFile:
    return RefusedFile(f"Nội dung tệp “{name}” không phải là .{extension}. Hãy mở tệp, lưu lại đúng loại rồi gửi.")


def shown_in_place(media_type: str) -> bool:
    """Whether a browser may show the type in place (pdf, png, jpg); everything else is a download."""
    return any(kind == media_type and inline for kind, inline in ALLOWED.values())
