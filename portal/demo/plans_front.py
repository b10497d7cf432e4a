"""Plan 01: Sở Tư pháp – Ủy ban MTTQ Việt Nam thành phố – Hội Luật gia. Task texts are the demo's wording."""

from datetime import date

from portal.demo.pieces import PlanText, Said, section, task

# fmt: off
# A row of data is laid out as in an annex: who, when and what side by side.

WHO_SHARES = (
    "Dữ liệu minh họa. Việc ký 05 kế hoạch với 09 đơn vị ngày 29/02/2024 đã được công bố; đơn vị nào ký chung kế "
    "hoạch nào, "
    "số ký hiệu và lời văn nhiệm vụ là giả định của bản minh họa, không phải trích nguyên văn."
)
BASES = (
    "Luật Phổ biến, giáo dục pháp luật số 14/2012/QH13 ngày 20 tháng 6 năm 2012",
    "Luật Hòa giải ở cơ sở số 35/2013/QH13 ngày 20 tháng 6 năm 2013",
    "Quyết định số 21/2021/QĐ-TTg ngày 21 tháng 6 năm 2021 của Thủ tướng Chính phủ",
    "Kế hoạch số 01/KH-UBND ngày 03 tháng 01 năm 2024 của Ủy ban nhân dân thành phố Cần Thơ",
)
SIGNED, STARTS, ENDS = date(2024, 2, 29), date(2024, 2, 29), date(2025, 12, 31)
TITLE = (
    "Kế hoạch phối hợp thực hiện công tác phổ biến, giáo dục pháp luật, hòa giải ở cơ sở giai đoạn 2024 - 2025 "
    "giữa "
)

FRONT = PlanText(
    key="front",
    number="01/KHPH-STP-UBMTTQVN-HLG",
    title=TITLE + "Sở Tư pháp, Ủy ban MTTQ Việt Nam thành phố và Hội Luật gia thành phố",
    parties=("stp", "mttq", "luatgia"),
    signed_on=SIGNED,
    starts_on=STARTS,
    ends_on=ENDS,
    legal_bases=BASES,
    note=WHO_SHARES,
    targets=(
        ("MT-01", "PB01", 2024, 40),
        ("MT-06", "TH02", 2024, 900),
        ("LG-02", "PB01", 2024, 16),
        ("", "PB02", 2024, 6000),
    ),
    sections=(
        section(
            "I.",
            "CÔNG TÁC CHỈ ĐẠO, HƯỚNG DẪN",
            task(
                "C-01", "1.",
                "Ban hành kế hoạch năm 2024 cụ thể hóa nội dung phối hợp của Mặt trận và các tổ chức thành viên",
                "mttq", "stp luatgia", "Trước ngày 31/3/2024", "2024-03-31", "Kế hoạch", "doc",
                Said(100, "Đã ban hành kế hoạch năm 2024 và gửi đến 09/09 quận, huyện để triển khai thực hiện.",
                     on="2024-03-13"),
            ),
            task(
                "C-02", "2.",
                "Tham mưu Hội đồng phối hợp ban hành văn bản chỉ đạo, hướng dẫn, đôn đốc công tác phổ biến, giáo dục "
                "pháp luật và hòa giải ở cơ sở",
                "stp", "mttq", "Thường xuyên", "ongoing", "Văn bản hướng dẫn, đôn đốc", "doc",
                Said(15,
                     "Đã tham mưu ban hành kế hoạch hoạt động năm của Hội đồng và công văn hướng dẫn nội dung trọng "
                         "tâm phổ biến, giáo dục pháp luật Quý I."),
                Said(45,
                     "Đã tham mưu công văn hướng dẫn nội dung phổ biến pháp luật Quý II, công văn triển khai Quyết "
                         "định số 315/QĐ-TTg ngày 17/4/2024 về nâng cao năng lực đội ngũ hòa giải viên ở cơ sở."),
            ),
            task(
                "C-04", "3.", "Khảo sát, đánh giá nhu cầu tìm hiểu pháp luật của Nhân dân ở khu dân cư",
                "stp", "mttq luatgia", "Quý II/2024", "2024-06-30", "Báo cáo khảo sát", "survey",
                Said(10, "Đã xây dựng mẫu phiếu khảo sát, thống nhất cỡ mẫu và địa bàn khảo sát với các đơn vị phối "
                     "hợp."),
                Said(80, "Đã thu phiếu tại 09 quận, huyện; đang nhập liệu, phân tích để hoàn thiện báo cáo khảo sát "
                     "trong "
                         "tháng 6/2024."),
            ),
        ),
        section(
            "II.",
            "CÔNG TÁC PHỔ BIẾN, GIÁO DỤC PHÁP LUẬT",
            task(
                "MT-01", "1.",
                "Tổ chức phổ biến, giáo dục pháp luật cho đoàn viên, hội viên; vận động Nhân dân chấp hành pháp luật",
                "mttq", "stp luatgia", "Thường xuyên", "ongoing", "Cuộc tuyên truyền; lượt người tham dự", "talk",
                Said(20,
                     "{done} Nội dung tập trung vào Luật Thực hiện dân chủ ở cơ sở và các quy định mới về đất đai."),
                Said(50,
                     "{done} Nội dung: Luật Đất đai năm 2024, Luật Căn cước, phòng, chống lừa đảo trên không gian "
                     "mạng."),
            ),
            task(
                "MT-12", "2.",
                "Tuyên truyền Luật Thực hiện dân chủ ở cơ sở; xây dựng, thực hiện hương ước, quy ước ở khu dân cư",
                "mttq", "stp", "Hằng quý", "quarterly", "Cuộc tuyên truyền; hương ước, quy ước được rà soát", "talk",
                Said(100, "{done} Đã hướng dẫn Mặt trận cơ sở rà soát hương ước, quy ước không còn phù hợp.",
                     on="2024-03-12"),
                Said(85, "{done} Các khu vực, ấp đã niêm yết hương ước, quy ước tại nhà sinh hoạt cộng đồng."),
            ),
            task(
                "MT-02", "3.", "Vận động tổ chức, cá nhân, doanh nghiệp hỗ trợ công tác phổ biến, giáo dục pháp luật",
                "mttq", "luatgia", "Thường xuyên", "ongoing", "Đơn vị hỗ trợ; kinh phí, hiện vật", "aid",
                Said(10, "Đã gửi thư vận động đến các hội, hiệp hội doanh nghiệp trên địa bàn thành phố."),
                Said(35, "Vận động được một số doanh nghiệp hỗ trợ in tờ gấp pháp luật và quà cho các buổi sinh hoạt "
                     "pháp "
                         "luật ở khu dân cư.",
                     trouble="Nguồn vận động chưa đều; doanh nghiệp chủ yếu hỗ trợ bằng hiện vật do sản xuất còn "
                             "khó khăn.",
                     ask="Đề nghị Hội đồng ghi nhận, khen thưởng các đơn vị hỗ trợ tích cực nhân Ngày Pháp luật "
                         "09/11."),
            ),
            task(
                "MT-11", "4.", "Lồng ghép phổ biến pháp luật trong Ngày hội Đại đoàn kết toàn dân tộc 18/11",
                "mttq", "stp", "Tháng 11/2024", "2024-11-30", "Cuộc; lượt người", "talk",
                Said(0, "Chưa đến thời gian thực hiện."),
                Said(0, "Chưa đến thời gian thực hiện; dự kiến ban hành hướng dẫn trong Quý III/2024."),
            ),
            task(
                "C-05", "5.",
                "Tổ chức các hoạt động hưởng ứng Ngày Pháp luật nước Cộng hòa xã hội chủ nghĩa Việt Nam",
                "stp", "mttq luatgia", "Trước ngày 15/11/2024", "2024-11-15", "Lễ mít tinh, hội nghị, băng rôn",
                "talk",
                Said(0, "Chưa đến thời gian thực hiện."),
                Said(5, "Đang xây dựng dự thảo kế hoạch tổ chức Ngày Pháp luật năm 2024 để lấy ý kiến thành viên Hội "
                     "đồng."),
            ),
            task(
                "LG-02", "6.", "Tư vấn pháp luật miễn phí cho Nhân dân, ưu tiên hộ nghèo, gia đình chính sách",
                "luatgia", "mttq stp", "Hằng quý", "quarterly", "Buổi tư vấn; lượt người được tư vấn", "aid",
                Said(100, "{done} Các vụ việc chủ yếu về đất đai, thừa kế, hôn nhân và gia đình.", on="2024-03-13"),
                Said(80, "{done} Nhiều trường hợp được hướng dẫn hòa giải tại cơ sở trước khi khởi kiện."),
            ),
            task(
                "MT-14", "7.", "Duy trì, nâng chất lượng nhóm nòng cốt, câu lạc bộ pháp luật ở khu dân cư",
                "mttq", "stp", "Thường xuyên", "ongoing", "Câu lạc bộ, nhóm nòng cốt", "model",
                Said(20, "Đã rà soát danh sách nhóm nòng cốt, câu lạc bộ pháp luật; bổ sung thành viên thay người "
                     "chuyển công tác."),
                Said(45, "{done} Các câu lạc bộ sinh hoạt định kỳ mỗi tháng một lần."),
            ),
            task(
                "MT-13", "8.", "Giám sát, phản biện xã hội đối với dự thảo văn bản quy phạm pháp luật của thành phố",
                "mttq", "luatgia", "Khi có dự thảo", "on_demand", "Văn bản góp ý, phản biện", "doc",
                Said(10, "Đã góp ý dự thảo nghị quyết của Hội đồng nhân dân thành phố theo đề nghị của cơ quan soạn "
                     "thảo."),
                Said(40, "Đã tổ chức lấy ý kiến các thành viên Hội đồng tư vấn về Dân chủ - Pháp luật đối với các dự "
                     "thảo "
                         "được gửi đến trong quý."),
            ),
        ),
        section(
            "III.",
            "CÔNG TÁC HÒA GIẢI Ở CƠ SỞ",
            task(
                "MT-05", "1.", "Rà soát, kiện toàn tổ hòa giải bảo đảm đủ số lượng, thành phần, có hòa giải viên nữ",
                "stp", "mttq", "Trước ngày 31/5/2024", "2024-05-31", "100% tổ hòa giải được kiện toàn", "check",
                Said(30, "Đã có công văn hướng dẫn quận, huyện rà soát; nhận danh sách rà soát của 05 quận, huyện."),
                Said(85, "Đã kiện toàn xong tổ hòa giải tại 07/09 quận, huyện; 02 huyện còn lại đang chờ quyết định "
                     "công nhận.",
                     trouble="Một số khu vực, ấp sau sắp xếp chưa bầu đủ hòa giải viên nữ; cán bộ tư pháp cấp xã "
                             "kiêm nhiệm "
                             "nhiều việc nên trình quyết định công nhận chậm.",
                     ask="Đề nghị Ủy ban nhân dân huyện Cờ Đỏ, Thới Lai chỉ đạo các xã hoàn thành trong tháng "
                         "6/2024.",
                     by="2024-06-28"),
            ),
            task(
                "MT-06", "2.", "Tập huấn kỹ năng, nghiệp vụ cho hòa giải viên ở cơ sở",
                "stp", "mttq luatgia", "Hằng năm", "yearly", "Lớp tập huấn; hòa giải viên được tập huấn", "train",
                Said(10, "Đã hoàn thành đề cương, dự toán và lịch các lớp tập huấn năm 2024."),
                Said(55, "{done} Đã phát tài liệu kỹ năng hòa giải cho toàn bộ học viên dự lớp."),
            ),
            task(
                "MT-09", "3.", "Huy động luật sư, luật gia, hội thẩm nhân dân hỗ trợ tổ hòa giải",
                "luatgia", "stp mttq", "Thường xuyên", "ongoing", "Tỷ lệ tổ hòa giải được hỗ trợ", "aid",
                Said(15, "Đã lập danh sách luật gia đăng ký hỗ trợ tổ hòa giải theo địa bàn quận, huyện."),
                Said(40,
                     "Luật gia đã tham gia hỗ trợ các vụ việc tranh chấp đất đai phức tạp ở quận Cái Răng và huyện "
                     "Phong Điền.",
                     trouble="Chưa có mức chi thống nhất cho người hỗ trợ tổ hòa giải nên việc huy động còn khó.",
                     ask="Đề nghị Sở Tư pháp phối hợp Sở Tài chính hướng dẫn mức chi hỗ trợ."),
            ),
            task(
                "MT-08", "4.", "Giám sát việc thực hiện pháp luật về hòa giải ở cơ sở",
                "mttq", "stp", "Quý III/2024", "2024-09-30", "Báo cáo giám sát", "check",
                Said(0, "Chưa thực hiện; đã đưa vào chương trình giám sát năm 2024."),
                Said(15,
                     "Đã ban hành kế hoạch giám sát tại 03 quận, huyện; đề cương báo cáo đã gửi cho các đơn vị được "
                     "giám sát."),
            ),
            task(
                "MT-10", "5.", "Xây dựng, nhân rộng mô hình tổ hòa giải điểm ở cơ sở",
                "stp", "mttq", "Giai đoạn 2024 - 2025", "2025-12-31", "Mô hình", "model",
                Said(10, "Đã chọn địa bàn dự kiến làm điểm tại quận Ô Môn và huyện Vĩnh Thạnh."),
                Said(30,
                     "Đã ra mắt tổ hòa giải điểm tại quận Ô Môn; đang hướng dẫn hồ sơ, sổ theo dõi theo mẫu thống "
                     "nhất."),
            ),
            task(
                "MT-15", "6.", "Tổ chức Hội thi hòa giải viên giỏi thành phố",
                "stp", "mttq", "Quý III/2025", "2025-09-30", "Hội thi; số đội dự thi", "train",
                Said(0, "Chưa đến thời gian thực hiện."),
                Said(0, "Chưa đến thời gian thực hiện."),
            ),
        ),
        section(
            "IV.",
            "KIỂM TRA, SƠ KẾT",
            task(
                "C-13", "1.", "Kiểm tra việc thực hiện kế hoạch phối hợp tại quận, huyện",
                "stp", "mttq luatgia", "Tháng 9/2024", "2024-09-30", "Kết luận kiểm tra", "check",
                Said(0, "Chưa đến thời gian thực hiện."),
                Said(0, "Chưa đến thời gian thực hiện; dự kiến kiểm tra tại 04 quận, huyện."),
            ),
            task(
                "C-14", "2.", "Sơ kết 06 tháng đầu năm việc thực hiện kế hoạch phối hợp",
                "stp", "mttq luatgia", "Trước ngày 20/6/2024", "2024-06-20", "Báo cáo sơ kết", "doc",
                Said(0, "Chưa đến thời gian thực hiện."),
                Said(40,
                     "Đã có công văn đề nghị các đơn vị gửi số liệu 06 tháng; đang tổng hợp dự thảo báo cáo sơ kết."),
            ),
        ),
    ),
)
