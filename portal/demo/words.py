"""What each agency writes in its own words, quarter by quarter, under the headings of its report."""

HEADINGS = ("direction", "highlights", "difficulties", "causes", "next_steps", "proposals")

# quarter → agency → text under each heading, in the order of HEADINGS ('' leaves one empty)
WORDS: dict[str, dict[str, tuple[str, ...]]] = {
    "2024-q1": {
        "stp": (
            "Tham mưu tổ chức ký kết 05 kế hoạch phối hợp với 09 đơn vị ngày 29/02/2024; hướng dẫn nội dung trọng "
            "tâm năm.",
            "Việc ký kết đồng thời 05 kế hoạch giúp thống nhất đầu mối, thời hạn và chế độ thông tin giữa các đơn vị.",
            "Một số nhiệm vụ mới ký kết nên các đơn vị chưa kịp bố trí kinh phí riêng.",
            "Dự toán năm 2024 được giao trước thời điểm ký kế hoạch phối hợp.",
            "Tổ chức các lớp tập huấn hòa giải viên; rà soát, kiện toàn tổ hòa giải; khảo sát nhu cầu tìm hiểu pháp "
            "luật.",
            "Đề nghị Ủy ban nhân dân thành phố quan tâm bố trí kinh phí thực hiện kế hoạch phối hợp.",
        ),
        "mttq": (
            "Chỉ đạo Mặt trận các cấp đưa nội dung phối hợp vào chương trình công tác năm 2024.",
            "Duy trì sinh hoạt pháp luật gắn với sinh hoạt khu dân cư.",
            "Thời gian triển khai sau khi ký kết còn ngắn.",
            "Trùng dịp Tết Nguyên đán và các hội nghị tổng kết.",
            "Tuyên truyền Luật Đất đai, Luật Căn cước; xây dựng kế hoạch giám sát.",
            "",
        ),
        "congan": (
            "Ban hành kế hoạch năm 2024, giao chỉ tiêu cụ thể cho Công an quận, huyện.",
            "Kết hợp cấp tài khoản định danh điện tử với tuyên truyền tại nơi cư trú, thuận tiện cho người dân.",
            "Thủ đoạn lừa đảo trên mạng thay đổi nhanh, tài liệu tuyên truyền chưa cập nhật kịp.",
            "Lực lượng tuyên truyền viên kiêm nhiệm.",
            "Tập trung phổ biến Luật Căn cước, Luật Lực lượng tham gia bảo vệ an ninh, trật tự ở cơ sở.",
            "Đề nghị Sở Tư pháp cung cấp tài liệu song ngữ để tuyên truyền ở địa bàn có đông đồng bào Khmer.",
        ),
        "thanhdoan": (
            "Ban hành hướng dẫn tổ chức Tháng Thanh niên năm 2024, trong đó có nội dung phổ biến pháp luật.",
            "Phiên tòa giả định thu hút học sinh nhờ tình huống gần gũi.",
            "Kinh phí tổ chức phiên tòa giả định còn hạn hẹp.",
            "Chưa có nguồn riêng cho hoạt động này.",
            "Tổ chức cuộc thi trực tuyến “Tuổi trẻ với pháp luật”.",
            "",
        ),
        "phunu": (
            "Ban hành kế hoạch năm 2024, hướng dẫn Hội cơ sở lồng ghép phổ biến pháp luật trong sinh hoạt chi hội.",
            "Sinh hoạt câu lạc bộ có sự tham gia của nam giới, tạo chuyển biến trong phòng, chống bạo lực gia đình.",
            "Hội viên là lao động tự do khó sắp xếp thời gian tham dự.",
            "Thời gian tổ chức chủ yếu trong giờ hành chính.",
            "Mở lớp bồi dưỡng kỹ năng cho cán bộ Hội; tuyên truyền phòng, chống xâm hại trẻ em.",
            "",
        ),
        "gddt": (
            "Chỉ đạo các trường đưa nội dung pháp luật vào hoạt động ngoại khóa học kỳ II.",
            "Nhiều trường sử dụng tình huống thực tế trong sinh hoạt dưới cờ.",
            "Tài liệu dành cho học sinh tiểu học còn ít.",
            "Chưa có tài liệu biên soạn riêng theo lứa tuổi.",
            "Ban hành kế hoạch liên ngành; tập huấn giáo viên giáo dục công dân.",
            "Đề nghị Sở Tư pháp hỗ trợ biên soạn tài liệu cho học sinh tiểu học.",
        ),
        "noivu": (
            "Ban hành kế hoạch phổ biến pháp luật cho cán bộ, công chức, viên chức năm 2024.",
            "Đưa chuyên đề pháp luật vào chương trình bồi dưỡng năm 2024.",
            "",
            "",
            "Tổ chức các lớp bồi dưỡng; phổ biến pháp luật phòng, chống tham nhũng.",
            "",
        ),
        "dantoc": (
            "Hoàn thiện kế hoạch phổ biến pháp luật vùng đồng bào dân tộc thiểu số năm 2024.",
            "Người có uy tín tham gia tuyên truyền bằng tiếng Khmer.",
            "Thiếu người biên dịch tài liệu tiếng Khmer có chuyên môn luật.",
            "Định mức chi cho biên dịch thấp.",
            "Tuyên truyền dịp Tết Chôl Chnăm Thmây; cấp phát tài liệu song ngữ.",
            "Đề nghị bố trí kinh phí biên dịch tài liệu song ngữ.",
        ),
        "atgt": (
            "Chỉ đạo cao điểm an toàn giao thông dịp Tết Nguyên đán và lễ hội đầu năm.",
            "Tuyên truyền “Đã uống rượu, bia không lái xe” tạo đồng thuận trong người dân.",
            "Học sinh sử dụng xe điện, xe dưới 50 cm³ tăng, khó quản lý.",
            "Phụ huynh giao xe cho con khi chưa được hướng dẫn kỹ năng.",
            "Ban hành chương trình năm 2024; lắp đặt pa-nô tuyên truyền.",
            "",
        ),
        "luatgia": (
            "Phân công Chi hội luật gia quận, huyện tham gia tư vấn pháp luật và hỗ trợ tổ hòa giải.",
            "Duy trì lịch tư vấn miễn phí cố định hằng tuần.",
            "Hội viên đa số là người cao tuổi hoặc kiêm nhiệm.",
            "Chưa có chế độ hỗ trợ ổn định.",
            "Mở rộng tư vấn lưu động tại các xã.",
            "Đề nghị có cơ chế hỗ trợ kinh phí cho luật gia tham gia hòa giải ở cơ sở.",
        ),
    },
    "2024-q2": {
        "stp": (
            "Hướng dẫn triển khai Quyết định số 315/QĐ-TTg; đôn đốc các đơn vị thực hiện nội dung kế hoạch phối hợp.",
            "Lớp tập huấn hòa giải viên tăng thời lượng thực hành tình huống, được học viên đánh giá cao.",
            "Việc kiện toàn tổ hòa giải ở 02 huyện còn chậm so với thời hạn.",
            "Cán bộ tư pháp cấp xã kiêm nhiệm; một số khu vực, ấp chưa bầu đủ hòa giải viên nữ.",
            "",
            "",
        ),
        "mttq": (
            "Ban hành hướng dẫn phổ biến Luật Đất đai năm 2024; chỉ đạo xây dựng kế hoạch giám sát hòa giải ở cơ sở.",
            "Câu lạc bộ pháp luật ở khu dân cư sinh hoạt đều, có sổ ghi ý kiến hỏi đáp.",
            "Nguồn lực xã hội hỗ trợ phổ biến pháp luật chưa đều giữa các quận, huyện.",
            "Doanh nghiệp còn khó khăn; công tác vận động chưa thường xuyên.",
            "Giám sát việc thực hiện pháp luật về hòa giải ở cơ sở tại 03 quận, huyện.",
            "Đề nghị Hội đồng khen thưởng đơn vị hỗ trợ tích cực nhân Ngày Pháp luật năm 2024.",
        ),
        "congan": (
            "Chỉ đạo cao điểm phổ biến Luật Căn cước và Luật Lực lượng tham gia bảo vệ an ninh, trật tự ở cơ sở.",
            "",
            "",
            "",
            "",
            "",
        ),
        "thanhdoan": (
            "Tổ chức cuộc thi trực tuyến “Tuổi trẻ với pháp luật”; chuẩn bị Chiến dịch Thanh niên tình nguyện hè.",
            "Cuộc thi trực tuyến có phần giải thích đáp án sau mỗi câu hỏi, giúp người dự thi hiểu quy định.",
            "Việc chia sẻ thông tin thanh thiếu niên cần giúp đỡ còn vướng quy định về dữ liệu cá nhân.",
            "Chưa có quy trình thống nhất giữa các đơn vị.",
            "Ra quân đội hình tình nguyện phổ biến pháp luật hè tại 09 quận, huyện.",
            "Đề nghị Sở Tư pháp hướng dẫn việc chia sẻ thông tin người chưa thành niên.",
        ),
        "phunu": (
            "Hoàn thành bồi dưỡng kỹ năng cho cán bộ Hội; chỉ đạo rà soát “Địa chỉ tin cậy tại cộng đồng”.",
            "Mô hình “Nam giới đồng hành cùng câu lạc bộ Phụ nữ với pháp luật” được nhân rộng.",
            "Khó tiếp cận phụ nữ làm việc ca kíp trong khu công nghiệp.",
            "Thời gian làm việc không cố định.",
            "Truyền thông phòng, chống đuối nước, xâm hại trẻ em dịp hè.",
            "Đề nghị Công an thành phố cử báo cáo viên tham gia các buổi về phòng, chống mua bán người.",
        ),
        "gddt": (
            "Ban hành kế hoạch liên ngành năm 2024; chỉ đạo phổ biến pháp luật trước kỳ nghỉ hè.",
            "Học sinh tham gia dựng tình huống pháp luật trong giờ sinh hoạt dưới cờ.",
            "Lớp tập huấn giáo viên đợt hai phải lùi thời gian.",
            "Trùng thời gian ôn tập, thi tốt nghiệp trung học phổ thông.",
            "Tổ chức lớp tập huấn còn lại; xây dựng thể lệ cuộc thi tìm hiểu pháp luật năm học mới.",
            "Đề nghị Sở Tư pháp bố trí báo cáo viên cho lớp tập huấn tháng 7/2024.",
        ),
        "noivu": (
            "Tổ chức phổ biến pháp luật phòng, chống tham nhũng; lấy ý kiến dự thảo hướng dẫn khen thưởng chuyên đề.",
            "Bài thu hoạch của học viên được dùng làm tình huống thảo luận cho lớp sau.",
            "Hướng dẫn khen thưởng công tác phổ biến, giáo dục pháp luật chậm so với thời hạn.",
            "Quy định mới cần thống nhất cách áp dụng.",
            "Ban hành hướng dẫn khen thưởng; rà soát công chức làm công tác phổ biến pháp luật.",
            "",
        ),
        "dantoc": (
            "Ban hành kế hoạch năm 2024; phối hợp tuyên truyền dịp Tết Chôl Chnăm Thmây.",
            "Tuyên truyền tại chùa Khmer có chư tăng và người có uy tín tham gia, phật tử dễ tiếp thu.",
            "Tài liệu song ngữ chưa đủ cho các địa bàn có đông đồng bào.",
            "Kinh phí biên dịch, in ấn được cấp chậm.",
            "Tiếp tục cấp phát tài liệu song ngữ; chuẩn bị tuyên truyền dịp lễ Sene Dolta.",
            "Đề nghị Sở Tư pháp chia sẻ bản điện tử tờ gấp để biên dịch.",
        ),
        "atgt": (
            "Lắp đặt pa-nô, băng rôn dịp lễ 30/4; tuyên truyền cho học sinh trước kỳ nghỉ hè.",
            "Mô hình “Cổng trường an toàn giao thông” giảm ùn tắc giờ đưa đón học sinh.",
            "Chương trình năm 2024 và tuyên truyền đường thủy chậm so với thời hạn.",
            "Chờ thống nhất kinh phí; áo phao vận động về chậm.",
            "Ban hành chương trình; hoàn thành tuyên truyền tại các bến khách ngang sông còn lại.",
            "Đề nghị Hội đồng đôn đốc các đơn vị thành viên góp ý dự thảo chương trình đúng hạn.",
        ),
    },
}

# The older quarters, in which reports were shorter.
_PAST = {
    "2023-q2": (
        "Triển khai nhiệm vụ Quý II/2023 theo chương trình phối hợp.",
        "Tiếp tục thực hiện nhiệm vụ Quý III/2023.",
    ),
    "2023-q3": (
        "Triển khai nhiệm vụ Quý III/2023 theo chương trình phối hợp.",
        "Chuẩn bị hưởng ứng Ngày Pháp luật 09/11.",
    ),
    "2023-q4": (
        "Tổ chức hưởng ứng Ngày Pháp luật năm 2023; tổng kết chương trình phối hợp giai đoạn 2022 - 2023.",
        "Chuẩn bị ký kết kế hoạch phối hợp giai đoạn 2024 - 2025.",
    ),
}


def words_of(quarter: str, agency: str) -> dict[str, str]:
    """What the agency writes in that quarter: heading → text. Empty when it has not written yet."""
    if quarter in _PAST:
        direction, next_steps = _PAST[quarter]
        return {"direction": direction, "next_steps": next_steps}
    return dict(zip(HEADINGS, WORDS[quarter].get(agency, ()), strict=False))


# The council's own text for Quý I/2024 and the beginning of the one for Quý II; the rest is drafted from figures.
COUNCIL_WORDS = {
    "2024-q1": {
        "direction": "Ngày 29/02/2024, Sở Tư pháp và 09 đơn vị đã ký kết 05 kế hoạch phối hợp thực hiện công tác "
        "phổ biến, "
        "giáo dục pháp luật, hòa giải ở cơ sở giai đoạn 2024 - 2025. Các đơn vị đã ban hành hoặc hoàn thiện kế "
        "hoạch năm.",
        "education": "Các đơn vị duy trì phổ biến pháp luật thường xuyên, tập trung dịp Tết Nguyên đán và Tháng "
        "Thanh niên; "
        "số liệu cụ thể tại phụ lục kèm theo.",
        "mediation": "Công tác hòa giải ở cơ sở được duy trì; đang rà soát, kiện toàn tổ hòa giải theo kế hoạch.",
        "strengths": "Các đơn vị chủ động cụ thể hóa kế hoạch phối hợp ngay sau khi ký kết.",
        "difficulties": "Kinh phí cho một số nhiệm vụ mới chưa được bố trí riêng; tài liệu song ngữ còn thiếu.",
        "causes": "Dự toán được giao trước thời điểm ký kết; thiếu người biên dịch có chuyên môn luật.",
        "next_steps": "Tập huấn hòa giải viên, kiện toàn tổ hòa giải, phổ biến các luật có hiệu lực từ ngày 01/7/2024.",
        "proposals": "Đề nghị Ủy ban nhân dân thành phố quan tâm bố trí kinh phí thực hiện các kế hoạch phối hợp.",
    },
    "2024-q2": {
        "direction": "Hội đồng đã hướng dẫn nội dung trọng tâm Quý II và triển khai Quyết định số 315/QĐ-TTg ngày "
        "17/4/2024.",
    },
}
RECIPIENTS = ["Như trên", "Thành viên Hội đồng", "Ủy ban nhân dân quận, huyện", "Lưu: VT, PBGDPL"]
ADDRESSEE = "Ủy ban nhân dân thành phố Cần Thơ"
