"""Words of plans, tasks, activities and reports."""

# What it is about → topic of the activity.
SUBJECTS: tuple[tuple[str, str], ...] = (
    ("Luật Đất đai", "Đất đai"),
    ("Luật Căn cước, định danh và xác thực điện tử", "Căn cước, định danh điện tử"),
    ("Luật Trật tự, an toàn giao thông đường bộ", "An toàn giao thông"),
    ("pháp luật về phòng, chống ma túy", "Phòng, chống ma túy"),
    ("Luật Phòng, chống bạo lực gia đình", "Phòng, chống bạo lực gia đình"),
    ("pháp luật về phòng, chống mua bán người", "Phòng, chống mua bán người"),
    ("Luật Trẻ em, phòng, chống xâm hại trẻ em", "Trẻ em"),
    ("pháp luật về hòa giải ở cơ sở", "Hòa giải ở cơ sở"),
    ("Luật Thực hiện dân chủ ở cơ sở", "Dân chủ ở cơ sở"),
    ("pháp luật lao động, bảo hiểm xã hội", "Lao động"),
    ("Luật Nhà ở, Luật Kinh doanh bất động sản", "Nhà ở"),
    ("Luật Nghĩa vụ quân sự", "Nghĩa vụ quân sự"),
    ("pháp luật về phòng cháy, chữa cháy", "Phòng cháy, chữa cháy"),
    ("pháp luật về bảo vệ môi trường", "Môi trường"),
    ("pháp luật phòng, chống lừa đảo trên không gian mạng", "Phòng, chống lừa đảo"),
    ("pháp luật về hôn nhân và gia đình", "Hôn nhân và gia đình"),
    ("pháp luật phòng, chống tham nhũng", "Phòng, chống tham nhũng"),
    ("chính sách trợ giúp pháp lý", "Trợ giúp pháp lý"),
    ("pháp luật về an toàn thực phẩm", "An toàn thực phẩm"),
    ("Luật Cư trú", "Cư trú"),
)
AUDIENCES: tuple[tuple[str, str], ...] = (  # to whom → target group of the law, '' for the public
    ("cán bộ, công chức, viên chức", ""), ("người dân trên địa bàn", ""), ("học sinh trung học phổ thông", ""),
    ("đoàn viên, thanh niên", ""), ("hội viên phụ nữ", ""), ("hội viên nông dân", ""), ("hòa giải viên", ""),
    ("người lao động trong doanh nghiệp", "workers"), ("đồng bào dân tộc thiểu số", "remote"),
    ("người khuyết tật", "disabled"), ("người cao tuổi", ""), ("người chấp hành án tại cộng đồng", "probation"),
)  # fmt: skip

# tag of the texts of supporting agencies, what is to be done, expected output
TASKS: tuple[tuple[str, str, str], ...] = (
    ("talk", "Tổ chức hội nghị phổ biến {subject} cho {audience}", "Cuộc; lượt người"),
    ("talk", "Tuyên truyền trực tiếp {subject} cho {audience}", "Cuộc; lượt người"),
    ("media", "Xây dựng chuyên trang, chuyên mục về {subject}", "Tin, bài"),
    ("media", "Phát sóng chương trình truyền thanh về {subject}", "Lượt phát sóng"),
    ("media", "Biên soạn, cấp phát tài liệu {subject} cho {audience}", "Tờ gấp, sổ tay"),
    ("train", "Tập huấn kỹ năng phổ biến {subject} cho {audience}", "Lớp; lượt người"),
    ("train", "Bồi dưỡng kiến thức {subject} cho đội ngũ báo cáo viên, tuyên truyền viên", "Lớp; lượt người"),
    ("doc", "Xây dựng kế hoạch triển khai {subject} đến {audience}", "Kế hoạch"),
    ("doc", "Ban hành văn bản hướng dẫn thực hiện {subject}", "Văn bản hướng dẫn"),
    ("check", "Kiểm tra, rà soát việc thực hiện {subject}", "Báo cáo kết quả kiểm tra"),
    ("model", "Nhân rộng mô hình câu lạc bộ tìm hiểu {subject} cho {audience}", "Câu lạc bộ"),
    ("aid", "Tư vấn, trợ giúp pháp lý lưu động về {subject} cho {audience}", "Đợt; lượt người"),
    ("talk", "Tổ chức cuộc thi tìm hiểu {subject} cho {audience}", "Cuộc thi"),
    ("survey", "Khảo sát nhu cầu tìm hiểu {subject} của {audience}", "Báo cáo khảo sát"),
)
SECTIONS = (
    "NHIỆM VỤ CHUNG",
    "PHỔ BIẾN, GIÁO DỤC PHÁP LUẬT CHO CÁN BỘ VÀ NHÂN DÂN",
    "HÒA GIẢI Ở CƠ SỞ, TRỢ GIÚP PHÁP LÝ",
    "TRUYỀN THÔNG, CHUYỂN ĐỔI SỐ",
    "NGUỒN LỰC, KIỂM TRA, BÁO CÁO",
)
PLANS = (
    "Kế hoạch phối hợp phổ biến {subject} cho {audience} {span}",
    "Chương trình phối hợp công tác phổ biến, giáo dục pháp luật cho {audience} {span}",
    "Kế hoạch phối hợp thực hiện công tác phổ biến, giáo dục pháp luật, hòa giải ở cơ sở {span}",
    "Chương trình phối hợp nâng cao hiểu biết {subject} {span}",
)
RESULTS_DONE = (
    "Đã hoàn thành theo kế hoạch; {n} lượt người tham gia.",
    "Đã tổ chức xong, {n} lượt người dự, đúng thời hạn.",
    "Đã ban hành và gửi các đơn vị thực hiện.",
    "Hoàn thành, có báo cáo kết quả gửi Sở Tư pháp.",
    "Đã thực hiện tại {n} khu dân cư, được người dân hưởng ứng.",
)
RESULTS_GOING = (
    "Đang thực hiện; đã triển khai ở {n} đơn vị.",
    "Đã chuẩn bị nội dung, tài liệu; sẽ tổ chức trong kỳ tới.",
    "Đã thống nhất kế hoạch với các đơn vị phối hợp.",
    "Đang lấy ý kiến dự thảo lần {n}.",
    "Duy trì thường xuyên, {n} lượt trong kỳ.",
)
RESULTS_NONE = ("Chưa phát sinh trong kỳ.", "Chưa đến thời gian thực hiện.")
DELAYS: tuple[tuple[str, str], ...] = (  # why it is late, what is asked for
    ("Kinh phí được giao chậm; phải điều chỉnh thời gian tổ chức.", "Đề nghị bố trí kinh phí bổ sung."),
    ("Chờ hướng dẫn của bộ, ngành Trung ương.", "Đề nghị Sở Tư pháp hướng dẫn nội dung trọng tâm."),
    ("Sắp xếp tổ chức bộ máy, thay đổi người phụ trách.", ""),
    ("Thời gian dự kiến trùng đợt cao điểm công tác khác của đơn vị.", ""),
    ("Mưa bão, ngập lụt nên phải hoãn các cuộc tuyên truyền tại cơ sở.", ""),
    ("Đơn vị phối hợp gửi ý kiến chậm so với thời hạn.", "Đề nghị các đơn vị góp ý đúng hạn."),
    ("Thiếu báo cáo viên có chuyên môn về nội dung này.", "Đề nghị cử báo cáo viên hỗ trợ."),
)
NO_FILE = ("Văn bản lưu tại văn thư cơ quan, chưa số hóa.", "Hình ảnh, danh sách lưu tại đơn vị tổ chức.")
RETURNS = (
    "Số lượt người tham dự chưa khớp với danh sách; đề nghị kiểm tra lại.",
    "Chưa nêu nguyên nhân của nhiệm vụ quá hạn; đề nghị bổ sung.",
    "Kết quả thực hiện ghi quá chung; đề nghị nêu rõ số liệu trong kỳ.",
)
# heading of the report → what may stand there
WORDS = {
    "direction": (
        "Ban hành văn bản chỉ đạo, phân công thực hiện các nhiệm vụ phối hợp trong {quarter}.",
        "Chỉ đạo các đơn vị trực thuộc lồng ghép nội dung phối hợp vào chương trình công tác.",
        "Tổ chức giao ban, đôn đốc tiến độ các nhiệm vụ chủ trì trong {quarter}.",
    ),
    "highlights": (
        "Mô hình câu lạc bộ pháp luật được nhân rộng, người dân tham gia tích cực.",
        "Ứng dụng mạng xã hội trong truyền thông pháp luật, tiếp cận nhiều người trẻ.",
        "",
    ),
    "difficulties": ("Kinh phí cho hoạt động tại cơ sở còn hạn hẹp.", "Báo cáo viên kiêm nhiệm, thiếu thời gian.", ""),
    "causes": ("Nguồn kinh phí được giao chưa sát nhu cầu.", "Chưa có cơ chế hỗ trợ ổn định.", ""),
    "next_steps": (
        "Tiếp tục thực hiện các nhiệm vụ theo kế hoạch phối hợp.",
        "Tập trung các nhiệm vụ đến hạn, hoàn thành hồ sơ minh chứng.",
    ),
    "proposals": ("Đề nghị Hội đồng hỗ trợ tài liệu tuyên truyền.", "", ""),
}
POSITIONS = {
    "liaison": "Chuyên viên, đầu mối phổ biến, giáo dục pháp luật",
    "approver": "Lãnh đạo phụ trách pháp chế",
    "secretary": "Phó Trưởng phòng Phổ biến, giáo dục pháp luật",
    "leader": "Lãnh đạo Hội đồng",
    "administrator": "Chuyên viên công nghệ thông tin",
}
# kind of activity → form of Luật PBGDPL Điều 11, how often, how it is called
ACTIVITIES: tuple[tuple[str, str, float, str], ...] = (
    ("talk", "direct", 0.46, "Hội nghị phổ biến {subject} cho {audience}"),
    ("paper", "direct", 0.14, "Cấp phát tài liệu {subject}"),
    ("news", "media", 0.16, "Đăng tin, bài về {subject}"),
    ("radio", "media", 0.10, "Phát thanh về {subject}"),
    ("class", "direct", 0.11, "Tập huấn {subject} cho {audience}"),
    ("contest", "contest", 0.03, "Cuộc thi tìm hiểu {subject}"),
)
