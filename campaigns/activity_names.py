"""The name of an activity that nobody named: its form, the task it serves and the place.

``activity.js`` shows the same words in the empty box while one types.
"""

from campaigns.models import Activity

_CUT = 160  # characters of a task's title: titles of signed plans run over several lines

# Each form in few words, as the beginning of a name.
FORM_WORDS = {
    Activity.Form.PRESS: "Họp báo",
    Activity.Form.DIRECT: "Phổ biến trực tiếp",
    Activity.Form.MEDIA: "Tuyên truyền trên phương tiện thông tin",
    Activity.Form.CONTEST: "Thi tìm hiểu pháp luật",
    Activity.Form.PROCEEDINGS: "Phổ biến qua xét xử, hòa giải",
    Activity.Form.CULTURE: "Sinh hoạt, lồng ghép văn hóa",
    Activity.Form.SCHOOL: "Giáo dục pháp luật trong nhà trường",
    Activity.Form.OTHER: "Hoạt động",
}


def task_words(title: str) -> str:
    """A task's title as part of a name: one line, without the full stop, cut at a word."""
    line = " ".join(title.split()).rstrip(".;,: ")
    if len(line) <= _CUT:
        return line
    return f"{line[:_CUT].rsplit(' ', 1)[0].rstrip('.;,: ')}…"


def suggested_title(*, form: str, task: str, place: str) -> str:
    """'Phổ biến trực tiếp: Tuyên truyền phòng, chống ma túy tại Trường A'; '' without a place.

    Without a place two agencies' events of one day would be told in the same words and taken for one (rule V26).
    ``task`` is the title of the first task served, or ''.
    """
    place = place.strip()
    if not place:
        return ""
    begins = FORM_WORDS.get(form, FORM_WORDS[Activity.Form.OTHER])
    about = task_words(task)
    name = f"{begins}: {about} tại {place}" if about else f"{begins} tại {place}"
    return name if len(name) <= 300 else f"{name[:299].rstrip()}…"
