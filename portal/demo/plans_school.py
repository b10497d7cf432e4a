"""Plan 02: Sở Tư pháp – Sở Giáo dục và Đào tạo – Thành đoàn. Task texts are the demo's wording."""

from portal.demo.pieces import PlanText, Said, section, task
from portal.demo.plans_front import BASES, ENDS, SIGNED, STARTS, TITLE, WHO_SHARES

# fmt: off
# A row of data is laid out as in an annex: who, when and what side by side.

SCHOOL = PlanText(
    key="school",
    number="02/KHPH-STP-SGDĐT-TĐTN",
    title=TITLE + "Sở Tư pháp, Sở Giáo dục và Đào tạo và Thành đoàn",
    parties=("stp", "gddt", "thanhdoan"),
    signed_on=SIGNED,
    starts_on=STARTS,
    ends_on=ENDS,
    legal_bases=(*BASES, "Thông tư liên tịch số 30/2010/TTLT-BGDĐT-BTP ngày 16 tháng 11 năm 2010"),
    note=WHO_SHARES,
    targets=(("GD-16", "PB02", 2024, 12000), ("TD-01", "PB01", 2024, 12), ("TD-02", "PB04", 2024, 8000)),
    sections=(
        section(
            "I.",
            "NHIỆM VỤ CHUNG",
            task(
                "GD-01", "1.", "Ban hành kế hoạch liên ngành phổ biến, giáo dục pháp luật trong nhà trường năm 2024",
                "gddt", "stp thanhdoan", "Trước ngày 15/4/2024", "2024-04-15", "Kế hoạch liên ngành", "doc",
                Said(40, "Đã xây dựng dự thảo kế hoạch liên ngành, đang lấy ý kiến các phòng giáo dục và đào tạo."),
                Said(100,
                     "Đã ban hành kế hoạch liên ngành và triển khai đến các trường trung học phổ thông, phòng giáo "
                     "dục "
                          "và đào tạo quận, huyện.", on="2024-04-11"),
            ),
            task(
                "GD-14", "2.",
                "Định hướng nội dung phổ biến, giáo dục pháp luật theo từng quý cho nhà trường và Đoàn cơ sở",
                "stp", "gddt thanhdoan", "Hằng quý", "quarterly", "Văn bản định hướng", "doc",
                Said(100,
                     "Đã có công văn định hướng nội dung Quý I: trật tự, an toàn giao thông, phòng, chống bạo lực "
                          "học đường.", on="2024-03-06"),
                Said(100, "Đã định hướng nội dung Quý II: phòng, chống đuối nước, ma túy, thuốc lá điện tử dịp hè.",
                     on="2024-05-08"),
            ),
            task(
                "GD-13", "3.", "Họp giao ban giữa ba đơn vị, rút kinh nghiệm công tác phối hợp",
                "gddt", "stp thanhdoan", "6 tháng một lần", "half_yearly", "Cuộc họp; thông báo kết luận", "check",
                Said(0, "Chưa đến kỳ họp giao ban."),
                Said(30,
                     "Đã thống nhất chương trình họp giao ban 06 tháng, dự kiến tổ chức trong tuần thứ ba của tháng "
                     "6/2024."),
            ),
        ),
        section(
            "II.",
            "GIÁO DỤC PHÁP LUẬT TRONG NHÀ TRƯỜNG",
            task(
                "GD-16", "1.",
                "Phổ biến pháp luật về an toàn giao thông, phòng, chống ma túy, bạo lực học đường, an ninh mạng cho "
                "học sinh",
                "gddt", "stp thanhdoan", "Năm học 2023-2024 và 2024-2025", "quarterly", "Cuộc; lượt học sinh", "talk",
                Said(100, "{done} Nội dung được lồng ghép trong tiết chào cờ và hoạt động trải nghiệm.",
                     on="2024-03-12"),
                Said(100, "{done} Học sinh ký cam kết chấp hành pháp luật về trật tự, an toàn giao thông trước khi "
                          "nghỉ hè.", on="2024-05-31"),
            ),
            task(
                "GD-03", "2.",
                "Tập huấn kiến thức pháp luật, kỹ năng phổ biến cho giáo viên giáo dục công dân, tổng phụ trách",
                "gddt", "stp", "Trước ngày 31/5/2024", "2024-05-31", "Lớp tập huấn; giáo viên dự tập huấn", "train",
                Said(10, "Đã khảo sát nhu cầu và lập danh sách giáo viên dự tập huấn."),
                Said(50, "{done} Còn 01 lớp dành cho giáo viên các huyện chưa tổ chức.",
                     trouble="Trùng thời gian ôn thi tốt nghiệp trung học phổ thông nên phải lùi lớp thứ hai sang "
                             "đầu tháng 7.",
                     ask="Đề nghị Sở Tư pháp bố trí báo cáo viên cho lớp dự kiến tổ chức đầu tháng 7/2024.",
                     by="2024-07-12"),
            ),
            task(
                "GD-05", "3.", "Mời báo cáo viên pháp luật tham gia giáo dục pháp luật ngoại khóa tại trường học",
                "gddt", "stp", "Thường xuyên", "ongoing", "Buổi ngoại khóa", "talk",
                Said(20, "Đã thống nhất danh sách báo cáo viên pháp luật tham gia ngoại khóa với Sở Tư pháp."),
                Said(45, "{done} Các trường chủ động đăng ký chuyên đề theo nhu cầu của học sinh."),
            ),
            task(
                "GD-08", "4.", "Củng cố, bổ sung đầu sách tủ sách pháp luật trường học",
                "gddt", "stp", "Hằng năm", "yearly", "Tủ sách; đầu sách bổ sung", "model",
                Said(10, "Đang rà soát đầu sách hết giá trị sử dụng tại thư viện các trường."),
                Said(40, "Đã thanh lý sách hết hiệu lực; các trường đang bổ sung sách điện tử dùng chung."),
            ),
            task(
                "GD-10", "5.", "Tổ chức cuộc thi tìm hiểu pháp luật cho học sinh, sinh viên",
                "gddt", "thanhdoan stp", "Quý IV/2024", "2024-12-31", "Cuộc thi; lượt dự thi", "media",
                Said(0, "Chưa đến thời gian thực hiện."),
                Said(10, "Đang xây dựng thể lệ và ngân hàng câu hỏi."),
            ),
            task(
                "GD-09", "6.",
                "Tổ chức hội thi giáo viên dạy giỏi môn Giáo dục công dân, Giáo dục kinh tế và pháp luật",
                "gddt", "stp", "Năm học 2024-2025", "2025-05-31", "Hội thi; giáo viên đạt giải", "train",
                Said(0, "Chưa đến thời gian thực hiện."),
                Said(0, "Chưa đến thời gian thực hiện; đưa vào kế hoạch năm học 2024 - 2025."),
            ),
        ),
        section(
            "III.",
            "GIÁO DỤC PHÁP LUẬT CHO THANH THIẾU NIÊN",
            task(
                "TD-01", "1.", "Tổ chức phiên tòa giả định trong trường học, địa bàn dân cư",
                "thanhdoan", "stp gddt", "Hằng quý", "quarterly", "Phiên tòa; lượt người tham dự", "talk",
                Said(100, "{done} Tình huống về cố ý gây thương tích, tổ chức đua xe trái phép.", on="2024-03-13"),
                Said(100, "{done} Kịch bản do sinh viên luật xây dựng, có phần hỏi đáp với khán giả.",
                     on="2024-06-05"),
            ),
            task(
                "TD-02", "2.", "Tổ chức cuộc thi trực tuyến “Tuổi trẻ với pháp luật”",
                "thanhdoan", "gddt stp", "Quý II/2024", "2024-06-30", "Cuộc thi; lượt dự thi", "media",
                Said(20, "Đã xây dựng thể lệ cuộc thi và bộ câu hỏi."),
                Said(100, "{done} Đã tổng kết, trao giải cho các tập thể, cá nhân đạt thành tích.", on="2024-06-04"),
            ),
            task(
                "TD-10", "3.",
                "Tổ chức đội hình tình nguyện phổ biến pháp luật trong Tháng Thanh niên và Chiến dịch hè",
                "thanhdoan", "stp", "Tháng 3 và tháng 6 - 8 hằng năm", "yearly", "Đội hình; lượt người", "talk",
                Said(20, "{done} Các đội hình ra quân đồng loạt trong Tháng Thanh niên."),
                Said(50, "{done} Đã tập huấn lực lượng tình nguyện chuẩn bị Chiến dịch Thanh niên tình nguyện hè."),
            ),
            task(
                "TD-06", "4.", "Tư vấn pháp luật, giới thiệu trợ giúp pháp lý cho thanh thiếu niên",
                "thanhdoan", "stp", "Thường xuyên", "ongoing", "Lượt tư vấn", "aid",
                Said(15, "Đã công bố đường dây tư vấn và lịch trực của cộng tác viên."),
                Said(40, "Cộng tác viên tư vấn trực tuyến qua trang fanpage; các nội dung hỏi nhiều là lao động, hộ "
                     "tịch, nghĩa vụ quân sự."),
            ),
            task(
                "TD-14", "5.", "Sản xuất video ngắn, đồ họa thông tin pháp luật trên mạng xã hội",
                "thanhdoan", "stp gddt", "Hằng tháng", "monthly", "Sản phẩm truyền thông; lượt tiếp cận", "media",
                Said(100, "{done} Nội dung về an toàn giao thông và nghĩa vụ quân sự.", on="2024-03-13"),
                Said(90, "{done} Các video về phòng, chống thuốc lá điện tử được chia sẻ nhiều."),
            ),
            task(
                "TD-12", "6.", "Nhận giúp đỡ thanh thiếu niên chậm tiến, thanh thiếu niên vi phạm pháp luật tiến bộ",
                "thanhdoan", "gddt", "Thường xuyên", "ongoing", "Thanh thiếu niên được giúp đỡ", "aid",
                Said(10, "Đoàn cơ sở đã rà soát, lập danh sách thanh thiếu niên cần giúp đỡ."),
                Said(30, "Tạm dừng để thống nhất lại danh sách và quy trình phối hợp, bảo đảm quy định về bảo vệ dữ "
                     "liệu cá nhân.",
                     trouble="Danh sách có thông tin của người chưa thành niên, cần ý kiến về việc chia sẻ giữa các "
                             "đơn vị.",
                     ask="Đề nghị Sở Tư pháp có ý kiến hướng dẫn việc chia sẻ thông tin.", hold=True,
                     by="2024-08-31"),
            ),
        ),
    ),
)
