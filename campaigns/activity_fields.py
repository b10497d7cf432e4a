"""Fields of the activity form: topics as short tags."""

from django.core.exceptions import ValidationError

from agencies.forms import LineField
from agencies.vietnamese import fold_words

# How the usual topics are written, so that "phong chong ma tuy" and "Phòng, chống ma tuý" are one.
KNOWN_TOPICS = (
    *("Đất đai", "Nhà ở", "Hôn nhân và gia đình", "Phòng, chống bạo lực gia đình", "Bình đẳng giới", "Trẻ em"),
    *("Phòng, chống ma túy", "Phòng, chống mua bán người", "An toàn giao thông", "Phòng cháy, chữa cháy"),
    *("An ninh mạng", "Phòng, chống lừa đảo", "Căn cước, định danh điện tử", "Nghĩa vụ quân sự"),
    *("Lao động", "Bảo hiểm xã hội", "Dân chủ ở cơ sở", "Hòa giải ở cơ sở", "Tiếp cận pháp luật"),
    *("Phòng, chống tham nhũng", "Khiếu nại, tố cáo", "Xử lý vi phạm hành chính", "Bảo vệ môi trường", "Dân tộc"),
    *("Cán bộ, công chức, viên chức", "Bạo lực học đường", "Thừa kế", "Trợ giúp pháp lý", "Bầu cử"),
)
MAX_TOPICS, MAX_LETTERS = 12, 80


_SPELLING = {fold_words(topic): topic for topic in KNOWN_TOPICS}


class TopicsField(LineField):
    """Topics as short tags, separated by semicolons (names of topics contain commas)."""

    def __init__(self, **kwargs):
        super().__init__(**{"required": False, "max_length": 1000, **kwargs})

    def clean(self, value) -> list[str]:
        """Each topic once, the usual ones in their usual spelling."""
        text = super().clean(value)
        found: dict[str, str] = {}
        for part in text.split(";"):
            topic = part.strip(" .,")
            if not topic:
                continue
            if len(topic) > MAX_LETTERS:
                raise ValidationError(
                    f"“{topic[:40]}…” dài quá {MAX_LETTERS} ký tự; mỗi nội dung ghi ngắn, cách nhau bằng dấu chấm phẩy."
                )
            found.setdefault(fold_words(topic) or topic, _SPELLING.get(fold_words(topic), topic))
        if len(found) > MAX_TOPICS:
            raise ValidationError(f"Ghi nhiều nhất {MAX_TOPICS} nội dung.")
        return list(found.values())

    def prepare_value(self, value):
        """The stored topics as they are written here."""
        return "; ".join(value) if isinstance(value, (list, tuple)) else value
