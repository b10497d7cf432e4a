"""Plan 04: Sở Tư pháp – Hội LHPN – Ban Dân tộc. Task texts are the demo's wording."""

from portal.demo.pieces import PlanText, Said, section, task
from portal.demo.plans_front import BASES, ENDS, SIGNED, STARTS, TITLE, WHO_SHARES

# fmt: off
# A row of data is laid out as in an annex: who, when and what side by side.

WOMEN = PlanText(
    key="women",
    number="04/KHPH-STP-HLHPN-BDT",
    title=TITLE + "Sở Tư pháp, Hội Liên hiệp Phụ nữ thành phố và Ban Dân tộc thành phố",
    parties=("stp", "phunu", "dantoc"),
    signed_on=SIGNED,
    starts_on=STARTS,
    ends_on=ENDS,
    legal_bases=BASES,
    note=WHO_SHARES,
    targets=(("PN-13", "PB01", 2024, 24), ("DT-05", "PB02", 2024, 2500), ("DT-03", "PB05b", 2024, 4000)),
    sections=(
        section(
            "I.",
            "NHIỆM VỤ CHUNG",
            task(
                "C-01", "1.", "Ban hành kế hoạch năm 2024 của Hội Liên hiệp Phụ nữ các cấp",
                "phunu", "stp", "Trước ngày 31/3/2024", "2024-03-31", "Kế hoạch", "doc",
                Said(100, "Đã ban hành kế hoạch năm 2024, hướng dẫn Hội Liên hiệp Phụ nữ quận, huyện thực hiện.",
                     on="2024-03-11"),
            ),
            task(
                "DT-07", "2.",
                "Ban hành kế hoạch phổ biến, giáo dục pháp luật vùng đồng bào dân tộc thiểu số năm 2024",
                "dantoc", "stp", "Trước ngày 31/3/2024", "2024-03-31", "Kế hoạch", "doc",
                Said(80, "Đã hoàn thành dự thảo kế hoạch, trình lãnh đạo Ban ký."),
                Said(100, "Đã ban hành kế hoạch và gửi các phòng, ban, Ủy ban nhân dân quận, huyện có đông đồng bào "
                     "Khmer.",
                     on="2024-03-22"),
            ),
            task(
                "PN-15", "3.", "Bồi dưỡng kỹ năng phổ biến pháp luật cho cán bộ Hội Phụ nữ cơ sở và người có uy tín",
                "phunu", "stp dantoc", "Quý II/2024", "2024-06-30", "Lớp; người được bồi dưỡng", "train",
                Said(10, "Đã lập danh sách và nội dung bồi dưỡng."),
                Said(100, "{done} Hoàn thành chỉ tiêu bồi dưỡng năm 2024.", on="2024-06-03"),
            ),
        ),
        section(
            "II.",
            "PHỔ BIẾN PHÁP LUẬT CHO PHỤ NỮ, TRẺ EM",
            task(
                "PN-13", "1.", "Phổ biến Luật Phòng, chống bạo lực gia đình, Luật Bình đẳng giới",
                "phunu", "stp", "Hằng quý", "quarterly", "Cuộc; lượt người", "talk",
                Said(100, "{done} Lồng ghép trong hoạt động kỷ niệm ngày Quốc tế Phụ nữ 8/3.", on="2024-03-13"),
                Said(100, "{done} Có sự tham gia của nam giới là chồng hội viên trong các buổi sinh hoạt.",
                     on="2024-06-07"),
            ),
            task(
                "PN-02", "2.", "Tuyên truyền phòng, chống xâm hại trẻ em, đuối nước cho phụ huynh, học sinh",
                "phunu", "stp", "Quý II/2024 và dịp hè", "2024-08-31", "Cuộc; lượt người", "talk",
                Said(5, "Đang chuẩn bị tài liệu và danh sách địa bàn."),
                Said(45, "{done} Phát tờ gấp kỹ năng nhận biết nguy cơ xâm hại cho cha mẹ."),
            ),
            task(
                "PN-07", "3.", "Tư vấn pháp luật, giới thiệu trợ giúp pháp lý cho phụ nữ",
                "phunu", "stp", "Thường xuyên", "ongoing", "Lượt tư vấn", "aid",
                Said(15, "Tiếp nhận, hướng dẫn phụ nữ có nhu cầu trợ giúp pháp lý đến Trung tâm Trợ giúp pháp lý nhà "
                     "nước."),
                Said(45, "Duy trì lịch tư vấn thứ năm hằng tuần; vụ việc chủ yếu là ly hôn, cấp dưỡng, chia tài sản "
                     "chung."),
            ),
            task(
                "PN-12", "4.", "Duy trì câu lạc bộ “Phụ nữ với pháp luật”, “Địa chỉ tin cậy tại cộng đồng”",
                "phunu", "stp", "Thường xuyên", "ongoing", "Câu lạc bộ; địa chỉ tin cậy", "model",
                Said(20, "Các câu lạc bộ sinh hoạt định kỳ; đã bổ sung tài liệu sinh hoạt Quý I."),
                Said(45, "{done} Đã rà soát, thay biển hiệu các địa chỉ tin cậy tại cộng đồng."),
            ),
            task(
                "PN-11", "5.", "Vận động phụ nữ có uy tín tham gia tổ hòa giải, bảo đảm mỗi tổ có hòa giải viên nữ",
                "phunu", "stp", "Hằng năm", "yearly", "Hòa giải viên nữ được giới thiệu", "model",
                Said(15, "Đã hướng dẫn Hội cơ sở giới thiệu nhân sự nữ tham gia tổ hòa giải."),
                Said(50, "Hội cơ sở đã giới thiệu nhân sự cho các tổ hòa giải còn thiếu hòa giải viên nữ."),
            ),
            task(
                "PN-03", "6.", "Tổ chức hội thi kỹ năng tuyên truyền pháp luật cho cán bộ Hội",
                "phunu", "stp", "Quý III/2025", "2025-09-30", "Hội thi", "train",
                Said(0, "Chưa đến thời gian thực hiện."),
                Said(0, "Chưa đến thời gian thực hiện."),
            ),
        ),
        section(
            "III.",
            "PHỔ BIẾN PHÁP LUẬT CHO ĐỒNG BÀO DÂN TỘC THIỂU SỐ",
            task(
                "DT-05", "1.", "Phổ biến pháp luật cho đồng bào dân tộc thiểu số, vùng sâu, vùng xa",
                "dantoc", "stp phunu", "Hằng quý", "quarterly", "Cuộc; lượt người", "talk",
                Said(100, "{done} Nội dung về hôn nhân và gia đình, chính sách dân tộc.", on="2024-03-13"),
                Said(100, "{done} Tuyên truyền viên sử dụng song ngữ Việt - Khmer.", on="2024-06-04"),
            ),
            task(
                "DT-03", "2.", "Biên dịch, cấp phát tài liệu pháp luật song ngữ Việt - Khmer",
                "dantoc", "stp", "Hằng năm", "yearly", "Bản tài liệu", "media",
                Said(10, "Đã chọn nội dung biên dịch, hợp đồng với người biên dịch tiếng Khmer."),
                Said(50, "{done} Tài liệu được cấp cho các chùa Khmer và nhà sinh hoạt cộng đồng."),
            ),
            task(
                "DT-11", "3.", "Tuyên truyền pháp luật nhân lễ hội Chôl Chnăm Thmây, Sene Dolta, Ok Om Bok",
                "dantoc", "stp", "Theo thời gian lễ hội", "yearly", "Cuộc; lượt người", "talk",
                Said(5, "Đã thống nhất kế hoạch tuyên truyền dịp Tết Chôl Chnăm Thmây."),
                Said(40, "{done} Chư tăng, người có uy tín tham gia vận động phật tử chấp hành pháp luật."),
            ),
            task(
                "DT-02", "4.", "Củng cố tủ sách pháp luật tại chùa Khmer",
                "dantoc", "stp", "Trước ngày 30/5/2024", "2024-05-30", "Tủ sách được bổ sung", "model",
                Said(20, "Đã khảo sát nhu cầu sách tại các chùa."),
                Said(100, "Đã bổ sung sách, tờ gấp pháp luật song ngữ cho tủ sách pháp luật tại các chùa Khmer.",
                     on="2024-05-28"),
            ),
            task(
                "DT-10", "5.", "Tuyên truyền phòng, chống tảo hôn, hôn nhân cận huyết thống",
                "dantoc", "phunu", "6 tháng một lần", "half_yearly", "Cuộc; lượt người", "talk",
                Said(0, "Chưa thực hiện trong quý."),
                Said(60, "{done} Kết hợp sinh hoạt Đoàn, Hội ở cơ sở."),
            ),
        ),
    ),
)
