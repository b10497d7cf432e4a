"""Sentences in official style: what activities add up to, and what a supporting agency says it contributed."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from reports.wording import count, listed, number


def counted(facts: Iterable[tuple[str, Mapping[str, int]]]) -> str:
    """What some activities add up to, in words; '' for none. ``facts``: (district or '', figures by indicator code).

    Every number in the sentence is the sum of the figures given: the demo never says what its record does not.
    """
    facts = list(facts)
    total: dict[str, int] = {}
    for _place, figures in facts:
        for code, value in figures.items():
            total[code] = total.get(code, 0) + value
    out = []
    if events := total.get("PB01"):
        where = _where(place for place, figures in facts if figures.get("PB01"))
        out.append(f"Đã tổ chức {_n(events)} cuộc{where}, thu hút {_n(total['PB02'])} lượt người tham dự.")
    if contests := total.get("PB03"):
        out.append(f"Đã tổ chức {_n(contests)} cuộc thi tìm hiểu pháp luật với {_n(total['PB04'])} lượt người dự thi.")
    if classes := total.get("TH01"):
        where = _where(place for place, figures in facts if figures.get("TH01"))
        out.append(f"Đã tổ chức {_n(classes)} lớp tập huấn{where} cho {_n(total['TH02'])} lượt người.")
    if papers := total.get("PB05"):
        out.append(f"Đã cấp phát, đăng tải {_n(papers)} tài liệu pháp luật.")
    if broadcasts := total.get("PB06"):
        out.append(f"Đã phát sóng {_n(broadcasts)} lần.")
    if news := total.get("PB07"):
        out.append(f"Đã đăng {_n(news)} tin, bài.")
    return " ".join(out)


def _n(value: int) -> str:
    return count(Decimal(value))


def _where(places: Iterable[str]) -> str:
    known = list(dict.fromkeys(place for place in places if place))
    if not known:
        return ""
    return " tại " + (listed(known) if len(known) <= 3 else ", ".join(known[:3]) + " và các địa bàn khác")


def rate(part: int, whole: int) -> str:
    """'87,4%'."""
    return f"{number(Decimal(part) * 100 / Decimal(whole), 1)}%"


# By the kind of task: what a supporting agency contributed. ``{lead}`` is the lead agency.
SUPPORT: dict[str, tuple[str, ...]] = {
    "doc": (
        "Đã góp ý bằng văn bản đối với dự thảo do {lead} gửi.",
        "Đã tham gia họp thống nhất nội dung và gửi ý kiến góp ý đúng thời hạn.",
        "Đã cung cấp số liệu, thông tin theo đề nghị của {lead}.",
        "Đã sao gửi văn bản đến các đơn vị trực thuộc để phối hợp thực hiện.",
        "Đã cử công chức đầu mối theo dõi, trao đổi thường xuyên với {lead}.",
    ),
    "talk": (
        "Đã cử báo cáo viên tham gia các buổi tuyên truyền theo đề nghị của {lead}.",
        "Đã cung cấp đề cương, tài liệu tuyên truyền cho {lead}.",
        "Đã vận động hội viên, đoàn viên, người dân trên địa bàn tham dự đầy đủ.",
        "Đã phối hợp chuẩn bị địa điểm, thông báo nội dung trên hệ thống truyền thanh cơ sở.",
        "Đã tham gia giải đáp câu hỏi của người dự tại các buổi do {lead} tổ chức.",
        "Đã chia sẻ bài giảng điện tử và tình huống pháp luật để {lead} sử dụng.",
    ),
    "train": (
        "Đã cử người tham gia giảng dạy, trao đổi kinh nghiệm tại lớp tập huấn.",
        "Đã lập danh sách và cử học viên tham dự đúng thành phần.",
        "Đã thống nhất nội dung, tài liệu tập huấn với {lead}.",
        "Đã phối hợp đánh giá kết quả học tập, tổng hợp ý kiến của học viên.",
    ),
    "media": (
        "Đã chia sẻ tin, bài, sản phẩm truyền thông của {lead} trên kênh thông tin của cơ quan.",
        "Đã cung cấp nội dung và thẩm định tính chính xác của các quy định được trích dẫn.",
        "Đã giới thiệu rộng rãi đến đoàn viên, hội viên, cán bộ, công chức trong ngành.",
        "Đã phối hợp bố trí vị trí, phương tiện phục vụ tuyên truyền.",
        "Đã vận động cơ sở hưởng ứng, theo dõi và phản hồi kết quả cho {lead}.",
    ),
    "check": (
        "Đã rà soát danh sách theo phạm vi quản lý và gửi kết quả cho {lead}.",
        "Đã cử thành viên tham gia đoàn theo yêu cầu của {lead}.",
        "Đã đôn đốc các đơn vị trực thuộc rà soát, báo cáo đúng thời hạn.",
        "Đã phối hợp xây dựng đề cương, biểu mẫu.",
    ),
    "model": (
        "Đã giới thiệu địa bàn, đơn vị đủ điều kiện xây dựng mô hình.",
        "Đã hỗ trợ tài liệu sinh hoạt và hướng dẫn nội dung pháp luật.",
        "Đã tham gia khảo sát, góp ý tiêu chí của mô hình.",
        "Đã tuyên truyền về mô hình trên trang thông tin điện tử của cơ quan.",
    ),
    "aid": (
        "Đã giới thiệu người có nhu cầu tư vấn, trợ giúp pháp lý đến {lead}.",
        "Đã phối hợp cử luật sư, luật gia, trợ giúp viên pháp lý tham gia.",
        "Đã thông báo lịch, địa điểm tư vấn đến người dân trên địa bàn.",
        "Đã cung cấp tài liệu, biểu mẫu phục vụ tư vấn.",
    ),
    "survey": (
        "Đã phối hợp phát và thu phiếu khảo sát trên địa bàn.",
        "Đã góp ý mẫu phiếu và phương án chọn mẫu khảo sát.",
        "Đã tổng hợp ý kiến đoàn viên, hội viên gửi {lead}.",
    ),
}
NOT_YET = "Chưa phát sinh nội dung phối hợp trong kỳ; sẵn sàng tham gia khi {lead} đề nghị."
NO_EVIDENCE = (
    "Văn bản lưu tại văn thư cơ quan, chưa số hóa.",
    "Hình ảnh, danh sách lưu tại đơn vị tổ chức.",
    "Hồ sơ giấy lưu tại bộ phận đầu mối, gửi khi có yêu cầu.",
)
RETURN_REASON = (
    "Số lượt người tham dự của lớp bồi dưỡng chưa khớp với danh sách gửi kèm; nhiệm vụ II.1 quá hạn cần nêu rõ phần "
    "việc còn lại. Đề nghị kiểm tra, bổ sung và nộp lại trước ngày 14/6/2024."
)
FIRST_RETURN_REASON = (
    "Chưa nêu nguyên nhân của nội dung khó khăn; đề nghị bổ sung để tổng hợp vào báo cáo của Hội đồng."
)
