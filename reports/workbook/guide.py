"""The words of the workbook's sheet 'Hướng dẫn'."""

GUIDE_LINES = (
    (
        "Điền ở đâu",
        "Chỉ điền vào ô nền vàng nhạt ở ba trang Nhiệm vụ, Số liệu, Lời văn. Ô khác được khóa; cột đầu "
        "tiên được ẩn để cổng nhận ra từng dòng, xin đừng xóa.",
    ),
    (
        "Tình trạng, %",
        "Chọn tình trạng trong danh sách. Hoàn thành là 100, chưa thực hiện là 0: hai trường hợp này cổng "
        "tự ghi. Đang thực hiện thì ghi số nguyên lớn hơn 0 và nhỏ hơn 100, không gõ dấu %.",
    ),
    (
        "Ngày",
        "Viết ngày/tháng/năm, ví dụ 03/04/2026. Ngày hoàn thành chỉ ghi khi tình trạng là Hoàn thành; để "
        "trống thì cổng lấy ngày nạp tệp. Bản xem trước ghi lại từng ngày đã đọc: hãy xem ngày và tháng "
        "có bị đảo không.",
    ),
    (
        "Kết quả, khó khăn",
        "Xuống dòng trong ô bằng Alt+Enter. Dòng bắt đầu bằng dấu gạch ngang hay dấu bằng vẫn là chữ.",
    ),
    (
        "Nhiệm vụ phối hợp",
        "Chỉ ghi kết quả phối hợp, khó khăn, đề xuất. Tình trạng, tỷ lệ do đơn vị chủ trì báo cáo.",
    ),
    (
        "Minh chứng",
        "Tệp minh chứng gửi trên cổng. Hoàn thành mà không có tệp thì ghi lý do không có minh chứng.",
    ),
    (
        "Số liệu",
        "Ô trống là chưa có số liệu; không phát sinh thì ghi 0. Cột “Từ hoạt động” là số cổng đã cộng từ "
        "các hoạt động đã ghi; ghi số khác thì phải ghi lý do. Xóa trống ô số liệu của chỉ tiêu đó thì "
        "lấy lại số từ hoạt động.",
    ),
    (
        "Không phát sinh",
        "Chọn Có ở trang Lời văn khi cả kỳ không có hoạt động nào: mọi số phát sinh là 0.",
    ),
    (
        "Nạp tệp",
        "Mở báo cáo trên cổng, bấm “Nạp tệp đã điền”, chọn tệp. Cổng cho xem trước từng ô thay đổi, trước "
        "và sau; chỉ khi bấm ghi thì báo cáo mới đổi. Ô không sửa thì không đổi gì trên cổng, kể cả khi "
        "cổng đã có bản mới.",
    ),
    (
        "Cùng sửa một chỗ",
        "Nếu trong lúc điền có người sửa cùng ô đó trên cổng, bản xem trước hiện cả hai để chọn.",
    ),
    (
        "Khi có lỗi",
        "Bản xem trước nêu từng ô lỗi và cách sửa; có thể tải lại chính tệp này với ghi chú ở từng ô lỗi.",
    ),
)
