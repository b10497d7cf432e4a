"""A CSV file as somebody's program saved it: its text, and the sign between its cells."""

from agencies.tables.problems import BadFile


def csv_text(content: bytes) -> tuple[str, str]:
    """The text and its delimiter: whichever of comma, semicolon and tab the first line has most of.

    Raises BadFile for another encoding than UTF-8.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadFile(
            "Tệp CSV không phải bảng mã UTF-8 nên chữ có dấu sẽ sai. Hãy lưu lại bằng “CSV UTF-8” hoặc .xlsx."
        ) from error
    first = text.split("\n", 1)[0][:10_000]
    return text, max(",;\t", key=first.count)
