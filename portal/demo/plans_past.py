"""The plans before and beside the five: an ended programme, a superseded one, a draft and a cancelled draft."""

from datetime import date

from portal.demo.pieces import PlanText, Said, section, task

# fmt: off
# A row of data is laid out as in an annex: who, when and what side by side.

_DEMO = "Dữ liệu minh họa: văn bản này không có thật, đưa vào để có kỳ trước mà so sánh."


def _round(code, number, title, lead, supporting, output, tag, *said):
    """A quarterly task of the old programme with what was said of it in Quý II, III, IV/2023."""
    ends = ("2023-06-13", "2023-09-13", "2023-12-13")
    rows = {
        f"y2023_q{quarter}": Said(100, text, on=end)
        for quarter, text, end in zip((2, 3, 4), said, ends, strict=True)
    }
    return task(code, number, title, lead, supporting, "Hằng quý", "quarterly", output, tag, **rows)


OLD = PlanText(
    key="old",
    number="02/CTr-STP-CQPH",
    title="Chương trình phối hợp phổ biến, giáo dục pháp luật, hòa giải ở cơ sở giai đoạn 2022 - 2023",
    parties=("stp", "mttq", "congan", "thanhdoan", "phunu", "gddt", "noivu", "dantoc", "atgt", "luatgia"),
    signed_on=date(2022, 1, 18),
    starts_on=date(2022, 1, 18),
    ends_on=date(2023, 12, 31),
    kind="programme",
    note=_DEMO,
    sections=(
        section(
            "I.",
            "NỘI DUNG PHỐI HỢP",
            _round("stp", "1.", "Hướng dẫn nội dung phổ biến, giáo dục pháp luật từng quý; tập huấn hòa giải viên",
                   "stp", "mttq luatgia",
                   "Văn bản hướng dẫn; lớp tập huấn", "train",
                   "{done} Đã ban hành công văn hướng dẫn nội dung Quý II.",
                   "{done} Đã ban hành công văn hướng dẫn nội dung Quý III.",
                   "{done} Đã tham mưu tổ chức Ngày Pháp luật năm 2023."),
            _round("mttq", "2.", "Phổ biến pháp luật cho đoàn viên, hội viên các tổ chức thành viên", "mttq", "stp",
                   "Cuộc; lượt người", "talk",
                   "{done} Trọng tâm là lấy ý kiến Nhân dân về dự thảo Luật Đất đai (sửa đổi).",
                   "{done} Trọng tâm là Luật Thực hiện dân chủ ở cơ sở có hiệu lực từ ngày 01/7/2023.",
                   "{done} Lồng ghép trong Ngày hội Đại đoàn kết toàn dân tộc."),
            _round("congan", "3.", "Tuyên truyền phòng, chống tội phạm, tệ nạn xã hội, định danh điện tử", "congan",
                   "stp",
                   "Cuộc; lượt người", "talk",
                   "{done} Kết hợp kích hoạt tài khoản định danh điện tử tại nơi cư trú.",
                   "{done} Lồng ghép Ngày hội Toàn dân bảo vệ an ninh Tổ quốc.",
                   "{done} Cao điểm tuyên truyền phòng, chống lừa đảo cuối năm."),
            _round("thanhdoan", "4.", "Phiên tòa giả định, diễn đàn pháp luật cho thanh thiếu niên", "thanhdoan",
                   "stp gddt",
                   "Phiên tòa; lượt người", "talk",
                   "{done} Thu hút đông đảo học sinh trước kỳ nghỉ hè.",
                   "{done} Gắn với Chiến dịch Thanh niên tình nguyện hè.",
                   "{done} Đã hưởng ứng Ngày Pháp luật trong các chi đoàn."),
            _round("phunu", "5.", "Phổ biến pháp luật về gia đình, bình đẳng giới cho hội viên phụ nữ", "phunu",
                   "stp",
                   "Cuộc; lượt người", "talk",
                   "{done} Giới thiệu Luật Phòng, chống bạo lực gia đình năm 2022.",
                   "{done} Giới thiệu văn bản hướng dẫn Luật Phòng, chống bạo lực gia đình.",
                   "{done} Hưởng ứng Tháng hành động vì bình đẳng giới."),
            _round("gddt", "6.", "Giáo dục pháp luật ngoại khóa trong nhà trường", "gddt", "stp thanhdoan",
                   "Cuộc; lượt học sinh", "talk",
                   "{done} Nội dung an toàn giao thông, phòng, chống đuối nước.",
                   "{done} Tổ chức đầu năm học mới.",
                   "{done} Hưởng ứng Ngày Pháp luật trong trường học."),
            _round("noivu", "7.", "Phổ biến pháp luật cho cán bộ, công chức, viên chức", "noivu", "stp",
                   "Cuộc; lượt người", "talk",
                   "{done} Nội dung về kỷ luật, kỷ cương hành chính.",
                   "{done} Nội dung về Luật Thực hiện dân chủ ở cơ sở.",
                   "{done} Nội dung về đánh giá, xếp loại cuối năm."),
            _round("dantoc", "8.", "Phổ biến pháp luật cho đồng bào dân tộc thiểu số", "dantoc", "stp phunu",
                   "Cuộc; lượt người", "talk",
                   "{done} Tuyên truyền dịp Tết Chôl Chnăm Thmây.",
                   "{done} Tuyên truyền trước lễ Sene Dolta.",
                   "{done} Tuyên truyền dịp lễ Ok Om Bok."),
            _round("atgt", "9.", "Tuyên truyền pháp luật về trật tự, an toàn giao thông", "atgt", "congan",
                   "Cuộc; lượt người", "talk",
                   "{done} Cao điểm an toàn giao thông dịp hè.",
                   "{done} Hưởng ứng Tháng An toàn giao thông.",
                   "{done} Hưởng ứng Ngày tưởng niệm nạn nhân tai nạn giao thông."),
            _round("luatgia", "10.", "Tư vấn pháp luật miễn phí, hỗ trợ tổ hòa giải", "luatgia", "mttq stp",
                   "Buổi tư vấn; lượt người", "aid",
                   "{done}",
                   "{done} Vụ việc chủ yếu về tranh chấp đất đai.",
                   "{done} Tăng cường tư vấn dịp Ngày Pháp luật."),
        ),
    ),
)

YOUTH_OLD = PlanText(
    key="youth-old",
    number="05/CTr-STP-TĐTN",
    title="Chương trình phối hợp nâng cao hiểu biết pháp luật cho thanh thiếu niên giai đoạn 2019 - 2024",
    parties=("stp", "thanhdoan"),
    signed_on=date(2019, 3, 26),
    starts_on=date(2019, 3, 26),
    ends_on=date(2024, 12, 31),
    kind="programme",
    note=_DEMO + " Được thay thế bằng kế hoạch ký ngày 29/02/2024.",
    sections=(
        section(
            "I.",
            "NỘI DUNG PHỐI HỢP",
            _round("TD-04", "1.", "Duy trì chuyên trang pháp luật trên trang fanpage của Thành đoàn", "thanhdoan",
                   "stp",
                   "Bài đăng", "media",
                   "Duy trì đăng bài hằng tuần trên chuyên trang.",
                   "Duy trì đăng bài hằng tuần; tăng nội dung về việc làm, lao động.",
                   "Duy trì đăng bài hằng tuần; đăng loạt bài hưởng ứng Ngày Pháp luật."),
            _round("TD-13", "2.", "Duy trì câu lạc bộ “Tuổi trẻ với pháp luật” ở các trường", "thanhdoan", "stp",
                   "Câu lạc bộ", "model",
                   "Các câu lạc bộ sinh hoạt theo tháng.",
                   "Kiện toàn ban chủ nhiệm câu lạc bộ đầu năm học.",
                   "Các câu lạc bộ tổ chức sinh hoạt chuyên đề Ngày Pháp luật."),
        ),
    ),
)

DRAFT = PlanText(
    key="draft",
    number="",
    title="Kế hoạch phối hợp phổ biến pháp luật cho người lao động trong các khu công nghiệp năm 2025",
    parties=("stp", "noivu"),
    signed_on=None,
    starts_on=date(2025, 1, 1),
    ends_on=date(2025, 12, 31),
    note=_DEMO,
    sections=(
        section(
            "I.",
            "NỘI DUNG PHỐI HỢP",
            task("KC-01", "1.", "Phổ biến Bộ luật Lao động, Luật Bảo hiểm xã hội cho người lao động", "noivu", "stp",
                 "Hằng quý", "quarterly", "Cuộc; lượt người", "talk"),
            task("KC-02", "2.", "Biên soạn tờ gấp pháp luật lao động cấp phát tại khu nhà trọ", "stp", "noivu",
                 "Quý I/2025", "2025-03-31", "Tờ gấp", "media"),
        ),
    ),
)

CANCELLED = PlanText(
    key="cancelled",
    number="06/KHPH-STP-SNV",
    title="Kế hoạch phối hợp bồi dưỡng pháp luật cho công chức cấp xã năm 2024",
    parties=("stp", "noivu"),
    signed_on=None,
    starts_on=date(2024, 5, 1),
    ends_on=date(2024, 12, 31),
    note=_DEMO,
    sections=(),
)
