"""The one gate through which a file comes in: how many, how big, without a virus, under a name that hides nothing.

Every view that takes files reads them here and nowhere else, after it knows that the person may send them.
"""

from collections.abc import Iterable

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler

from agencies.files.kinds import check_file, refuse_size
from agencies.files.virus import RefusedFile, ScannerSilent, refuse_infected
from agencies.vietnamese import clean

NONE_KEPT = "Chưa lưu tệp nào, kể cả các tệp hợp lệ; hãy chọn lại tất cả rồi gửi một lần."
_LONGEST_NAME = 255


def received(uploads: Iterable[UploadedFile]) -> list[UploadedFile]:
    """The files of one sending. Raises RefusedFile for more than ``PORTAL_MAX_FILES``."""
    files, most = list(uploads), settings.PORTAL_MAX_FILES
    if len(files) > most:
        raise RefusedFile(
            f"Mỗi lần gửi nhiều nhất {most} tệp; bạn chọn {len(files)} tệp. Chưa lưu tệp nào; hãy gửi làm nhiều lần."
        )
    return files


def read_upload(upload: UploadedFile) -> bytes:
    """The bytes of an upload, scanned. Raises RefusedFile by its size before reading it, and for a virus."""
    name = safe_name(upload.name)
    if upload.size:
        refuse_size(name, upload.size)
    content = upload.read()
    refuse_infected(content, name)
    return content


def checked(uploads: Iterable[UploadedFile]) -> list[tuple[str, bytes]]:
    """(name, content) of uploads that may all be kept. Raises RefusedFile that tells each refused one's reason, or
    ScannerSilent at the first file about which nobody can tell: the others would only wait as long once more."""
    good, refused = [], []
    for upload in received(uploads):
        try:
            content, name = read_upload(upload), safe_name(upload.name)
            check_file(name, content)
        except ScannerSilent as error:
            raise ScannerSilent(*refused, *error.messages, *([NONE_KEPT] if good else [])) from error
        except RefusedFile as error:
            refused += error.messages
        else:
            good.append((name, content))
    if refused:
        raise RefusedFile(*refused, *([NONE_KEPT] if good else []))
    return good


def safe_name(name: str) -> str:
    """The last part of a name as people gave it, in one line, without signs that hide its true ending."""
    return clean(name.replace("\\", "/").rsplit("/", 1)[-1])[:_LONGEST_NAME] or "tep"


class BodyLimit(FileUploadHandler):
    """Refuses, before a byte of it is read, a sending larger than all files that one may have, and their texts."""

    def handle_raw_input(self, input_data, META, content_length, boundary, encoding=None):
        """Raise RequestDataTooBig by the length that the browser declares."""
        most = settings.PORTAL_MAX_FILES * settings.PORTAL_MAX_UPLOAD_BYTES + settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        if content_length > most:
            raise RequestDataTooBig

    def receive_data_chunk(self, raw_data, start):
        """Pass the piece on to the handlers that keep it."""
        return raw_data

    def file_complete(self, file_size):
        """Nothing was kept here."""
        return None
