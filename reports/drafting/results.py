"""II.1–4 and II.8: direct education, contests, materials, people, money. Figures only."""

from reports.drafting.own_words import partial_sentence
from reports.drafting.phrases import Notes, amount, capital, doers, lacking, moment, parts, phrase, told
from reports.drafting.sentences import Sentence
from reports.values import Consolidation, IndicatorRow
from reports.wording import count, day, in_text, listed


def education(value: Consolidation) -> list[Sentence]:
    """Heading II.1: sessions and attendances, the agencies with most, what they are compared with."""
    notes = Notes()
    sentences = _education(value, notes) + notes.sentences(("PB01", "PB02"))
    if partial := partial_sentence(value):
        missing = tuple(row.code for row in value.missing)
        sentences.append(Sentence("chua-so-sanh", partial, agencies=missing, opens=True))
    return sentences


def _education(value: Consolidation, notes: Notes) -> list[Sentence]:
    period, row = value.period, value.indicator("PB01")
    during = in_text(period.label)
    if row is None or row.value is None:
        people = phrase(value, "PB02", "lượt người")
        lack = f"Chưa có số liệu về số cuộc phổ biến, giáo dục pháp luật trực tiếp trong {during}"
        lack += f"; số lượt người tham dự được báo cáo là {people}." if people else "."
        return told(value, "ket-qua", lack, figures=["PB01", "PB02"])
    who = doers(value, "PB01")
    if not row.value:
        text = f"Trong {during}, {who} không tổ chức cuộc phổ biến, giáo dục pháp luật trực tiếp nào."
        return told(value, "ket-qua", text, figures=["PB01"], compared=[("PB01", "số cuộc")], notes=notes)
    people = phrase(value, "PB02", "lượt người tham dự")
    text = (
        f"Trong {during} (từ ngày {day(period.starts_on)} đến ngày {day(period.ends_on)}), {who} đã tổ chức "
        f"{count(row.value)} cuộc phổ biến, giáo dục pháp luật trực tiếp"
        + (f" với {people}" if people else "")
        + parts(value, [("PB02n", "nữ"), ("PB02d", "người dân tộc thiểu số")], "lượt người")
        + "."
    )
    compared = [("PB01", "số cuộc"), ("PB02", "số lượt người tham dự")]
    codes = ["PB01", "PB02", "PB02n", "PB02d"]
    sentences = told(value, "ket-qua", text, figures=codes, compared=compared, notes=notes)
    return sentences + _leaders(row, value)


def _leaders(row: IndicatorRow, value: Consolidation) -> list[Sentence]:
    """The agencies with the largest figures, at most three, when more than one agency has any."""
    top = sorted((figure for figure in row.by_agency if figure.value), key=lambda figure: -figure.value)
    if len(top) < 2:
        return []
    names = {agency.code: agency.name for agency in value.agencies}
    many = [f"{names.get(figure.agency, figure.agency)} ({count(figure.value)} cuộc)" for figure in top[:3]]
    if len(top) == 2:
        text = f"Hai cơ quan, đơn vị có tổ chức: {listed(many)}."
    else:
        text = f"Các cơ quan, đơn vị có số cuộc nhiều nhất: {', '.join(many)}."
    return [Sentence("nhieu-nhat", text, figures=(row.code,), opens=True)]


def contests(value: Consolidation) -> list[Sentence]:
    """Heading II.2: contests on the law and those who took part."""
    notes, codes = Notes(), ["PB03", "PB04"]
    held, people = amount(value, "PB03"), phrase(value, "PB04", "lượt người dự thi")
    if held is None:
        lack = "Chưa có số liệu về cuộc thi tìm hiểu pháp luật trong kỳ"
        lack += f"; số lượt người dự thi được báo cáo là {people.removesuffix(' dự thi')}." if people else "."
        return told(value, "ket-qua", lack, figures=codes)
    compared = [("PB03", "số cuộc thi"), ("PB04", "số lượt người dự thi")]
    who = doers(value, "PB03")
    if not held:
        text = f"Trong kỳ, {who} không tổ chức cuộc thi tìm hiểu pháp luật nào."
        return told(value, "ket-qua", text, figures=codes, compared=compared, notes=notes) + notes.sentences(codes)
    joined = f", thu hút {people}" if people else ""
    text = f"{capital(who)} đã tổ chức {count(held)} cuộc thi tìm hiểu pháp luật{joined}."
    return told(value, "ket-qua", text, figures=codes, compared=compared, notes=notes) + notes.sentences(codes)


def materials(value: Consolidation) -> list[Sentence]:
    """Heading II.3: materials by language, on the internet, articles, broadcasts."""
    languages = [("PB05a", "tiếng Việt"), ("PB05b", "tiếng dân tộc thiểu số"), ("PB05c", "ngôn ngữ khác")]
    kinds = [
        ("PB05", "phát hành {} bản tài liệu miễn phí", "phát hành tài liệu miễn phí"),
        ("PB05i", "đăng tải {} tài liệu trên Internet", "đăng tải tài liệu trên Internet"),
        ("PB07", "đăng {} tin, bài về pháp luật", "đăng tin, bài về pháp luật"),
        ("PB06", "phát sóng chương trình pháp luật {} lần", "phát sóng chương trình pháp luật"),
    ]
    codes = [code for code, *_ in kinds]
    done, none = [], []
    for code, words, nothing in kinds:
        row = value.indicator(code)
        if row is not None and row.value:
            detail = parts(value, languages, "bản") if code == "PB05" else ""
            done.append(words.format(count(row.value, row.decimals)) + detail)
        elif row is not None and row.value is not None:
            none.append(nothing)
    if not done and not none:
        lack = "Chưa có số liệu về tài liệu, tin, bài và phát sóng chương trình pháp luật trong kỳ."
        return told(value, "ket-qua", lack, figures=codes)
    said = [f"đã {'; '.join(done)}"] if done else []
    said += [f"không {listed(none, ' hoặc ')}"] if none else []
    notes = Notes()
    compared = [("PB05", "số bản tài liệu"), ("PB07", "số tin, bài"), ("PB06", "số lần phát sóng")]
    text = f"Trong kỳ, {doers(value, *codes)} {'; '.join(said)}."
    figures = ["PB05", *(code for code, _ in languages), *codes[1:]]
    return told(value, "ket-qua", text, figures=figures, compared=compared, notes=notes) + notes.sentences(codes)


def people(value: Consolidation) -> list[Sentence]:
    """Heading II.4: those who spread the law (stocks at the period's end) and their training (a flow)."""
    staff = []
    for code, part, noun in (("PB08", "PB08a", "báo cáo viên"), ("PB09", "PB09a", "tuyên truyền viên")):
        if many := phrase(value, code, f"{noun} pháp luật"):
            active = phrase(value, part, "người tham gia phổ biến trực tiếp") if amount(value, code) else ""
            staff.append(many + (f" (trong đó {active})" if active else ""))
    text = f"{moment(value)}, đội ngũ có {listed(staff)}."
    if not staff:
        text = lacking(value, "đội ngũ báo cáo viên, tuyên truyền viên pháp luật")
    notes = Notes()
    sentences = told(value, "doi-ngu", text, figures=["PB08", "PB08a", "PB09", "PB09a"])
    return sentences + _training(value, notes) + notes.sentences(("TH01", "TH02"))


def _training(value: Consolidation, notes: Notes) -> list[Sentence]:
    classes, codes = amount(value, "TH01"), ["TH01", "TH02", "TH03"]
    if classes is None:
        return told(value, "tap-huan", "Chưa có số liệu về tập huấn, bồi dưỡng trong kỳ.", figures=codes)
    compared = [("TH01", "số lớp"), ("TH02", "số lượt người được tập huấn")]
    who = doers(value, "TH01")
    if not classes:
        text = f"Trong kỳ, {who} không tổ chức lớp tập huấn, bồi dưỡng nào."
    else:
        trained = phrase(value, "TH02", "lượt người")
        text = (
            f"{capital(who)} đã tổ chức {count(classes)} lớp tập huấn, bồi dưỡng"
            + (f" cho {trained}" if trained else "")
            + parts(value, [("TH03", "hòa giải viên")], "lượt người")
            + "."
        )
    return told(value, "tap-huan", text, figures=codes, compared=compared, notes=notes)


def budget(value: Consolidation) -> list[Sentence]:
    """Heading II.8: the money, by source."""
    total, notes = amount(value, "PB10"), Notes()
    codes = ["PB10", "PB10a", "PB10b", "PB10c"]
    if total is None:
        return told(value, "kinh-phi", "Chưa có số liệu về kinh phí trong kỳ.", figures=codes)
    compared = [("PB10", "tổng kinh phí")]
    if not total:
        text = f"Trong kỳ, {doers(value, 'PB10')} báo cáo không phát sinh kinh phí."
        return told(value, "kinh-phi", text, figures=codes, compared=compared, notes=notes) + notes.sentences(codes)
    sources = [
        ("PB10a", "ngân sách nhà nước cấp thường xuyên"),
        ("PB10b", "ngân sách theo chương trình, đề án"),
        ("PB10c", "nguồn hỗ trợ khác"),
    ]
    text = (
        f"Tổng kinh phí thực hiện trong kỳ là {phrase(value, 'PB10', 'triệu đồng')}"
        + parts(value, sources, "triệu đồng")
        + "."
    )
    return told(value, "kinh-phi", text, figures=codes, compared=compared, notes=notes) + notes.sentences(codes)
