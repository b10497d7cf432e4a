"""Plan 05: Sở Tư pháp – Sở Nội vụ. Task texts are the demo's wording."""

from portal.demo.pieces import PlanText, Said, section, task
from portal.demo.plans_front import BASES, ENDS, SIGNED, STARTS, TITLE, WHO_SHARES

# fmt: off
# A row of data is laid out as in an annex: who, when and what side by side.

SERVICE = PlanText(
    key="service",
    number="05/KHPH-STP-SNV",
    title=TITLE + "Sở Tư pháp và Sở Nội vụ",
    parties=("stp", "noivu"),
    signed_on=SIGNED,
    starts_on=STARTS,
    ends_on=ENDS,
    legal_bases=BASES,
    note=WHO_SHARES,
    targets=(("NV-03", "TH02", 2024, 600), ("NV-02", "PB01", 2024, 10)),
    sections=(
        section(
            "I.",
            "PHỔ BIẾN PHÁP LUẬT CHO CÁN BỘ, CÔNG CHỨC, VIÊN CHỨC",
            task(
                "C-01", "1.",
                "Ban hành kế hoạch phổ biến, giáo dục pháp luật cho cán bộ, công chức, viên chức năm 2024",
                "noivu", "stp", "Trước ngày 31/3/2024", "2024-03-31", "Kế hoạch", "doc",
                Said(100, "Đã ban hành kế hoạch năm 2024 của ngành Nội vụ.", on="2024-03-08"),
            ),
            task(
                "NV-01", "2.", "Phổ biến Luật Cán bộ, công chức, Luật Viên chức và văn bản hướng dẫn",
                "noivu", "stp", "Thường xuyên", "ongoing", "Cuộc; lượt người", "talk",
                Said(15, "{done} Nội dung về quản lý viên chức, đánh giá xếp loại."),
                Said(45, "{done} Đã giải đáp vướng mắc về vị trí việc làm, tuyển dụng viên chức."),
            ),
            task(
                "NV-02", "3.", "Phổ biến Luật Thực hiện dân chủ ở cơ sở trong cơ quan, đơn vị",
                "noivu", "stp", "Hằng quý", "quarterly", "Cuộc; lượt người", "talk",
                Said(100, "{done} Lồng ghép trong hội nghị cán bộ, công chức đầu năm.", on="2024-03-13"),
                Said(100, "{done} Hướng dẫn công khai theo Luật Thực hiện dân chủ ở cơ sở.", on="2024-05-29"),
            ),
            task(
                "NV-03", "4.", "Lồng ghép chuyên đề pháp luật trong các lớp bồi dưỡng công chức, viên chức",
                "noivu", "stp", "Hằng năm", "yearly", "Lớp; học viên", "train",
                Said(10, "Đã đưa chuyên đề pháp luật vào chương trình bồi dưỡng năm 2024."),
                Said(45, "{done} Học viên làm bài thu hoạch về kỹ năng áp dụng pháp luật."),
            ),
            task(
                "NV-15", "5.", "Phổ biến pháp luật về phòng, chống tham nhũng, xử lý kỷ luật cán bộ, công chức",
                "noivu", "stp", "Quý II/2024", "2024-06-30", "Cuộc; lượt người", "talk",
                Said(0, "Chưa đến thời gian thực hiện."),
                Said(40, "{done} Dự kiến tổ chức thêm một cuộc cho các đơn vị sự nghiệp."),
            ),
            task(
                "NV-08", "6.", "Tuyên truyền cải cách hành chính, sử dụng dịch vụ công trực tuyến",
                "noivu", "stp", "Thường xuyên", "ongoing", "Tin, bài; cuộc tuyên truyền", "media",
                Said(15, "{done}"),
                Said(45, "{done} Kết hợp hướng dẫn người dân nộp hồ sơ trực tuyến tại bộ phận một cửa."),
            ),
        ),
        section(
            "II.",
            "ĐỘI NGŨ, THI ĐUA, KHEN THƯỞNG",
            task(
                "NV-04", "1.",
                "Phổ biến Luật Thi đua, khen thưởng; hướng dẫn khen thưởng công tác phổ biến, giáo dục pháp luật",
                "noivu", "stp", "Trước ngày 30/5/2024", "2024-05-30", "Văn bản hướng dẫn; hội nghị", "doc",
                Said(20, "Đang xây dựng dự thảo hướng dẫn."),
                Said(60, "Đã tổ chức lấy ý kiến dự thảo hướng dẫn khen thưởng chuyên đề.",
                     trouble="Quy định mới về khen thưởng theo chuyên đề cần thống nhất cách áp dụng nên dự thảo "
                             "phải sửa nhiều lần.",
                     by="2024-06-25"),
            ),
            task(
                "NV-06", "2.",
                "Rà soát, đề xuất bố trí công chức làm công tác phổ biến, giáo dục pháp luật ở quận, huyện",
                "noivu", "stp", "Quý III/2024", "2024-09-30", "Báo cáo rà soát", "check",
                Said(0, "Chưa đến thời gian thực hiện."),
                Said(10, "Đã gửi biểu mẫu rà soát đến Ủy ban nhân dân quận, huyện."),
            ),
            task(
                "NV-09", "3.", "Bồi dưỡng nghiệp vụ cho công chức tư pháp - hộ tịch cấp xã",
                "stp", "noivu", "Quý III/2024", "2024-09-30", "Lớp; công chức được bồi dưỡng", "train",
                Said(0, "Chưa đến thời gian thực hiện."),
                Said(20, "Đã thống nhất chương trình, dự kiến tổ chức lớp đầu tiên trong tháng 7/2024."),
            ),
            task(
                "NV-10", "4.", "Phổ biến pháp luật về văn thư, lưu trữ cho cơ quan, đơn vị",
                "noivu", "stp", "Hằng năm", "yearly", "Cuộc; lượt người", "talk",
                Said(10, "Đang chuẩn bị tài liệu."),
                Said(30, "{done}"),
            ),
            task(
                "NV-12", "5.", "Tuyên truyền Luật Thanh niên, chính sách đối với thanh niên",
                "noivu", "stp", "Tháng 3 hằng năm", "yearly", "Cuộc; tin, bài", "media",
                Said(50,
                     "Đã đăng tài liệu giới thiệu Luật Thanh niên trên trang thông tin điện tử của Sở trong Tháng "
                     "Thanh niên."),
                Said(100, "Đã hoàn thành đợt tuyên truyền tháng 3 với loạt bài trên trang thông tin điện tử của Sở.",
                     on="2024-03-29"),
            ),
            task(
                "NV-11", "6.", "Phổ biến pháp luật về hội, quỹ xã hội, quỹ từ thiện",
                "noivu", "stp", "Quý II/2024", "2024-06-30", "Cuộc; lượt người", "talk",
                Said(0, "Chưa đến thời gian thực hiện."),
            ),
            task(
                "C-14", "7.", "Sơ kết 06 tháng, tổng kết năm việc thực hiện kế hoạch phối hợp",
                "stp", "noivu", "Tháng 6 và tháng 11 hằng năm", "half_yearly", "Báo cáo", "doc",
                Said(0, "Chưa đến thời gian thực hiện."),
                Said(30, "Đang tổng hợp số liệu 06 tháng đầu năm của hai đơn vị."),
            ),
        ),
    ),
)
