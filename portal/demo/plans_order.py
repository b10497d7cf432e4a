"""Plan 03: Sở Tư pháp – Công an thành phố – Ban An toàn giao thông. Task texts are the demo's wording."""

from portal.demo.pieces import PlanText, Said, section, task
from portal.demo.plans_front import BASES, ENDS, SIGNED, STARTS, TITLE, WHO_SHARES

# fmt: off
# A row of data is laid out as in an annex: who, when and what side by side.

ORDER = PlanText(
    key="order",
    number="03/KHPH-STP-CATP-BATGT",
    title=TITLE + "Sở Tư pháp, Công an thành phố và Ban An toàn giao thông thành phố",
    parties=("stp", "congan", "atgt"),
    signed_on=SIGNED,
    starts_on=STARTS,
    ends_on=ENDS,
    legal_bases=BASES,
    note=WHO_SHARES,
    targets=(("CA-05", "PB01", 2024, 30), ("GT-02", "PB02", 2024, 4000), ("CA-06", "PB07", 2024, 120)),
    sections=(
        section(
            "I.",
            "NHIỆM VỤ CHUNG",
            task(
                "C-01", "1.", "Xây dựng kế hoạch thực hiện năm 2024 của Công an thành phố",
                "congan", "stp", "Trước ngày 20/3/2024", "2024-03-20", "Kế hoạch", "doc",
                Said(100, "Đã ban hành kế hoạch năm 2024, giao chỉ tiêu đến Công an 09 quận, huyện.",
                     on="2024-03-12"),
            ),
            task(
                "GT-04", "2.", "Xây dựng chương trình phổ biến pháp luật về giao thông năm 2024 của thành phố",
                "atgt", "congan stp", "Trước ngày 30/4/2024", "2024-04-30", "Chương trình", "doc",
                Said(30, "Đang tổng hợp đăng ký của các đơn vị thành viên Ban An toàn giao thông."),
                Said(70, "Dự thảo chương trình đã lấy ý kiến lần hai, chưa trình ký ban hành.",
                     trouble="Phải chờ hướng dẫn nội dung trọng tâm năm 2024 và thống nhất nguồn kinh phí với các "
                             "đơn vị.",
                     ask="Đề nghị các đơn vị góp ý bằng văn bản trước ngày 20/6/2024.", by="2024-06-28"),
            ),
            task(
                "C-06", "3.",
                "Rà soát, củng cố đội ngũ báo cáo viên, tuyên truyền viên pháp luật trong lực lượng Công an",
                "congan", "stp", "Hằng năm", "yearly", "Danh sách; đề nghị công nhận, miễn nhiệm", "check",
                Said(15, "Đã rà soát báo cáo viên chuyển công tác, nghỉ chế độ."),
                Said(60, "Đã lập hồ sơ đề nghị công nhận báo cáo viên pháp luật mới, gửi Sở Tư pháp thẩm định."),
            ),
        ),
        section(
            "II.",
            "PHÒNG, CHỐNG TỘI PHẠM, BẢO ĐẢM AN NINH TRẬT TỰ",
            task(
                "CA-05", "1.", "Phổ biến Luật Căn cước, định danh và xác thực điện tử (VNeID)",
                "congan", "stp", "Quý II - Quý III/2024", "2024-09-30", "Cuộc; lượt người", "talk",
                Said(15, "{done} Đã cấp tài khoản định danh điện tử kết hợp tuyên truyền tại nơi cư trú."),
                Said(55, "{done} Nội dung trọng tâm là điểm mới của Luật Căn cước có hiệu lực từ ngày 01/7/2024."),
            ),
            task(
                "CA-06", "2.",
                "Tuyên truyền phòng, chống lừa đảo, tội phạm sử dụng công nghệ cao trên không gian mạng",
                "congan", "stp", "Thường xuyên", "ongoing", "Tin, bài; cuộc tuyên truyền", "media",
                Said(20, "{done} Cảnh báo thủ đoạn giả danh cơ quan công an, tòa án, ngân hàng."),
                Said(50,
                     "{done} Đã cảnh báo thủ đoạn giả danh cán bộ hướng dẫn cập nhật VNeID, cài ứng dụng giả mạo."),
            ),
            task(
                "CA-02", "3.", "Tuyên truyền tác hại của ma túy cho học sinh trung học phổ thông",
                "congan", "stp", "Hằng quý", "quarterly", "Cuộc; lượt học sinh", "talk",
                Said(100, "{done} Có phần nhận biết các loại ma túy núp bóng thực phẩm, thuốc lá điện tử.",
                     on="2024-03-13"),
                Said(85, "{done} Kết hợp tháng hành động phòng, chống ma túy."),
            ),
            task(
                "CA-07", "4.", "Phổ biến Luật Lực lượng tham gia bảo vệ an ninh, trật tự ở cơ sở",
                "congan", "stp", "Trước ngày 01/7/2024", "2024-06-30", "Cuộc; lượt người", "talk",
                Said(10, "Đã biên soạn đề cương giới thiệu Luật gửi Công an quận, huyện."),
                Said(60, "{done} Các phường, xã còn lại tổ chức trong nửa cuối tháng 6/2024."),
            ),
            task(
                "CA-08", "5.", "Giáo dục pháp luật cho phạm nhân sắp mãn hạn, người tái hòa nhập cộng đồng",
                "congan", "stp", "Hằng quý", "quarterly", "Cuộc; lượt người", "talk",
                Said(100, "{done} Kết hợp tư vấn thủ tục xóa án tích, tìm việc làm.", on="2024-03-13"),
                Said(100, "{done} Phối hợp tư vấn thủ tục vay vốn, xóa án tích cho người chấp hành xong án phạt tù.",
                     on="2024-06-06"),
            ),
            task(
                "CA-10", "6.",
                "Tuyên truyền phòng cháy, chữa cháy và cứu nạn, cứu hộ tại khu dân cư, chợ, trường học",
                "congan", "stp", "Thường xuyên", "ongoing", "Cuộc; lượt người", "talk",
                Said(20, "{done} Tập trung các chợ, nhà trọ, cơ sở kinh doanh kết hợp nhà ở."),
                Said(50, "{done} Đã hướng dẫn mở lối thoát nạn thứ hai cho nhà ở kết hợp kinh doanh."),
            ),
            task(
                "CA-13", "7.", "Lồng ghép phổ biến pháp luật trong Ngày hội Toàn dân bảo vệ an ninh Tổ quốc 19/8",
                "congan", "stp", "Tháng 8/2024", "2024-08-31", "Cuộc; lượt người", "talk",
                Said(0, "Chưa đến thời gian thực hiện."),
                Said(10, "Đã chọn các địa bàn tổ chức điểm, đang hoàn thiện kịch bản tuyên truyền."),
            ),
        ),
        section(
            "III.",
            "TRẬT TỰ, AN TOÀN GIAO THÔNG",
            task(
                "GT-02", "1.",
                "Phổ biến pháp luật về trật tự, an toàn giao thông cho học sinh theo Chỉ thị số 31/CT-TTg",
                "atgt", "congan stp", "Thường xuyên", "ongoing", "Cuộc; lượt học sinh", "talk",
                Said(15, "{done} Học sinh được hướng dẫn kỹ năng điều khiển xe đạp điện, xe dưới 50 cm³."),
                Said(45, "{done} Nhà trường và phụ huynh ký cam kết không giao xe cho học sinh chưa đủ tuổi."),
            ),
            task(
                "GT-06", "2.",
                "Tuyên truyền “Đã uống rượu, bia không lái xe” tại khu dân cư, cơ quan, doanh nghiệp vận tải",
                "atgt", "congan", "Thường xuyên", "ongoing", "Cuộc; tờ gấp", "media",
                Said(20, "{done} Tập trung dịp Tết Nguyên đán Giáp Thìn."),
                Said(45, "{done} Kết hợp ký cam kết với lái xe của các doanh nghiệp vận tải hành khách."),
            ),
            task(
                "GT-10", "3.",
                "Phổ biến pháp luật giao thông đường thủy nội địa, vận động mặc áo phao khi qua đò, phà",
                "atgt", "congan", "Trước ngày 07/6/2024", "2024-06-07", "Cuộc; áo phao cấp phát", "talk",
                Said(0, "Chưa thực hiện; đang khảo sát các bến khách ngang sông."),
                Said(40, "{done} Còn các bến thuộc quận Thốt Nốt và huyện Phong Điền chưa tổ chức.",
                     trouble="Áo phao cấp theo nguồn vận động về chậm; một số chủ bến thay đổi người quản lý.",
                     ask="Đề nghị Công an các quận, huyện phối hợp lịch tuyên truyền tại bến.", by="2024-07-05"),
            ),
            task(
                "GT-11", "4.", "Xây dựng, nhân rộng mô hình “Cổng trường an toàn giao thông”",
                "atgt", "congan stp", "Hằng năm", "yearly", "Trường được công nhận mô hình", "model",
                Said(10, "Đã chọn danh sách trường đăng ký xây dựng mô hình."),
                Said(35,
                     "Đã ra mắt mô hình tại các trường điểm của quận Ninh Kiều, quận Cái Răng; kẻ vạch đón trả học "
                     "sinh."),
            ),
            task(
                "GT-07", "5.", "Lắp đặt pa-nô, băng rôn tuyên truyền trên tuyến quốc lộ, bến phà, chợ",
                "atgt", "congan", "Trước ngày 30/4/2024", "2024-04-30", "Pa-nô, băng rôn", "media",
                Said(30, "Đã khảo sát vị trí lắp đặt, lựa chọn nội dung."),
                Said(100, "Đã lắp đặt đủ pa-nô, băng rôn theo kế hoạch trước dịp nghỉ lễ 30/4.", on="2024-04-26"),
            ),
        ),
    ),
)
