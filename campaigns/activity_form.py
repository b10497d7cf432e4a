"""The form of an activity: what was done, for which tasks, who came; the rest folded away until it is wanted."""

import re
import uuid
from datetime import date
from functools import cached_property

from django import forms

from agencies.forms import DayField, LineField
from agencies.models import Agency
from agencies.permissions import Perm, grants_of
from campaigns.activities import wrong_in_activity
from campaigns.activity_fields import TopicsField
from campaigns.activity_figures import settled
from campaigns.activity_names import FORM_WORDS, suggested_title
from campaigns.activity_tasks import as_choices, by_plan, label_of, likely, offered_tasks, used_last
from campaigns.count_field import CountField
from campaigns.forms import CHOICE_ERRORS, ProseField
from campaigns.goals import goals_told
from campaigns.models import Activity, Indicator

SITE_ROWS, MORE_ROWS = 3, 5
MAX_SITES = 200
MAX_ATTENDANCE = 2_147_483_647  # the column's own limit
_SITE = re.compile(r"site-([0-9]{1,3})-(?:name|attendance)")
MORE_SITES = "them-dong"  # the button that asks for more rows and saves nothing

# How many came stands open on the form; the other counts are folded, by what they belong to.
WHO_CAME = "PB02"
FOLDED = (
    ("Số cuộc, thành phần người dự", ("PB01", "PB02n", "PB02d")),
    ("Tài liệu cấp phát, đăng tải", ("PB05", "PB05a", "PB05b", "PB05c", "PB05i")),
    ("Tin, bài, phát sóng", ("PB07", "PB06")),
    ("Tập huấn, bồi dưỡng", ("TH01", "TH02", "TH03")),
    ("Thi tìm hiểu pháp luật", ("PB03", "PB04")),
    ("Kinh phí (triệu đồng)", ("PB10a", "PB10b", "PB10c", "PB10")),
)
# Names that stand on their own, away from the catalogue's "Trong đó: …".
_LABELS = {
    "PB02": "Số người dự",
    "PB02n": "Số người dự là nữ",
    "PB02d": "Số người dự là dân tộc thiểu số",
    "PB05": "Tổng số tài liệu",
    "PB05a": "Tiếng Việt",
    "PB05b": "Tiếng dân tộc thiểu số",
    "PB05c": "Ngôn ngữ khác",
    "PB05i": "Trong đó đăng trên Internet",
    "TH03": "Trong đó hòa giải viên",
    "PB10": "Tổng kinh phí",
}
_HELP = {
    "PB01": "Để trống mà có người dự: tính 1 cuộc.",
    "PB02": "Để trống là không có số liệu.",
    "PB05": "Để trống: tự cộng.",
    "PB10": "Để trống: tự cộng.",
}


class FormSelect(forms.Select):
    """The forms of legal education; each option carries the words with which a suggested name begins."""

    def create_option(self, name, value, *args, **kwargs):
        option = super().create_option(name, value, *args, **kwargs)
        option["attrs"]["data-words"] = FORM_WORDS.get(value, "")
        return option


class ActivityForm(forms.Form):
    """An activity as typed. Agencies are those for which the person may record; tasks are those agencies' own."""

    form_key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    agency = forms.ModelChoiceField(
        Agency.objects.none(), label="Cơ quan thực hiện", empty_label=None, error_messages=CHOICE_ERRORS
    )
    title = LineField(
        label="Tên hoạt động",
        max_length=300,
        required=False,
        help_text="Để trống thì cổng đặt tên theo hình thức, nhiệm vụ và địa điểm.",
    )
    held_on = DayField(label="Ngày thực hiện")
    form = forms.ChoiceField(
        label="Hình thức",
        choices=Activity.Form.choices,
        initial=Activity.Form.DIRECT,
        error_messages=CHOICE_ERRORS,
        widget=FormSelect,
    )
    place = LineField(label="Địa điểm", max_length=200, required=False)
    content = ProseField(label="Nội dung", required=False)
    target_groups = forms.MultipleChoiceField(
        label="Đối tượng đặc thù (Luật Phổ biến, giáo dục pháp luật)",
        choices=Activity.TargetGroup.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Không chọn là phổ biến cho Nhân dân nói chung.",
        error_messages=CHOICE_ERRORS,
    )
    topics = TopicsField(
        label="Lĩnh vực pháp luật",
        help_text="Cách nhau bằng dấu chấm phẩy, ví dụ: Đất đai; Phòng, chống ma túy",
    )
    tasks = forms.MultipleChoiceField(
        label="Phục vụ nhiệm vụ", required=False, widget=forms.CheckboxSelectMultiple, error_messages=CHOICE_ERRORS
    )

    def __init__(self, data=None, *, user, today: date, activity: Activity | None = None, initial=None):
        self.activity, self.today, self.user = activity, today, user
        self.wants_rows = data is not None and MORE_SITES in data
        super().__init__(data, initial=(_typed_before(activity) if activity else {}) | (initial or {}))
        mine = Agency.objects.filter(pk__in=grants_of(user).agencies(Perm.RECORD_PROGRESS))
        if activity is not None:
            del self.fields["agency"], self.fields["form_key"]
            mine = mine.filter(pk=activity.agency_id)
            self.fields["title"].required, self.fields["title"].help_text = True, ""
        else:
            del self.fields["version"]
            self.fields["agency"].queryset = mine
            self.initial.setdefault("form_key", uuid.uuid4())
        self.own = list(mine)
        if activity is None and len(self.own) == 1:
            self.fields["agency"].widget = forms.HiddenInput()
            self.initial["agency"] = self.own[0].pk
        self._offer_tasks()
        self.indicators = list(Indicator.objects.filter(from_activities=True))
        for row in self.indicators:
            label, hint = _LABELS.get(row.code, row.name), _HELP.get(row.code, row.unit)
            if row.code != WHO_CAME:  # the short form speaks without codes
                label = f"{label} ({row.code})"
            self.fields[f"figure-{row.code}"] = box = CountField(label=label, help_text=hint, decimals=row.decimals)
            box.widget.attrs["title"] = f"Chỉ tiêu {row.code}: {row.name}"
        self.site_count = self._count_sites()
        for number in range(self.site_count):
            self.fields[f"site-{number}-name"] = LineField(label="Điểm cầu", max_length=200, required=False)
            self.fields[f"site-{number}-online"] = forms.BooleanField(label="Trực tuyến", required=False)
            self.fields[f"site-{number}-attendance"] = CountField(label="Số người dự", limit=MAX_ATTENDANCE)

    def _offer_tasks(self) -> None:
        self.task_of = offered_tasks(self.own, self.activity)
        self.fields["tasks"].choices = [
            (str(plan), [(pk, label_of(self.task_of[pk])) for pk in pks]) for plan, pks in by_plan(self.task_of)
        ]

    def _count_sites(self) -> int:
        if not self.is_bound:
            return max(SITE_ROWS, len(self.initial.get("sites", ())) + 1)
        sent = [int(found[1]) + 1 for name in self.data if (found := _SITE.fullmatch(name))]
        return min(max([SITE_ROWS, *sent]) + (MORE_ROWS if self.wants_rows else 0), MAX_SITES)

    def full_clean(self):
        """Nothing is checked while more rows are asked for: what was typed comes back as it was."""
        super().full_clean()
        if self.wants_rows:
            self._errors = forms.utils.ErrorDict()

    def get_initial_for_field(self, field, field_name):
        if found := re.fullmatch(r"site-([0-9]+)-(name|online|attendance)", field_name):
            rows = self.initial.get("sites", ())
            return rows[int(found[1])][found[2]] if int(found[1]) < len(rows) else None
        if field_name.startswith("figure-"):
            return self.initial.get("figures", {}).get(field_name.removeprefix("figure-"))
        return super().get_initial_for_field(field, field_name)

    def clean_tasks(self):
        return [self.task_of[pk] for pk in self.cleaned_data["tasks"]]

    def clean(self):
        data = super().clean()
        if not data.get("title") and "title" not in self.errors and self.activity is None:
            self._name(data)
        for number in range(self.site_count):
            typed = data.get(f"site-{number}-attendance") is not None or data.get(f"site-{number}-online")
            if typed and not data.get(f"site-{number}-name"):
                self.add_error(f"site-{number}-name", f"Điểm cầu dòng {number + 1} chưa có tên.")
        self._check_together(data)
        return data

    def _name(self, data) -> None:
        """The name of what was left without one."""
        tasks, place = data.get("tasks") or [], data.get("place") or ""
        data["title"] = suggested_title(form=data.get("form") or "", task=tasks[0].title if tasks else "", place=place)
        if not data["title"] and "place" not in self.errors:
            self.add_error("title", "Ghi tên hoạt động, hoặc ghi địa điểm để cổng tự đặt tên.")

    def _check_together(self, data) -> None:
        """What the verb would refuse, told beside its field."""
        agency = self.activity.agency if self.activity else data.get("agency")
        if agency is None or data.get("held_on") is None:
            return
        counted = not any(name.startswith(("figure-", "site-")) for name in self.errors)
        sites = self._sites(data) if counted else []
        wrong = wrong_in_activity(
            agency=agency,
            title=data.get("title") or "-",  # an empty one has been told already
            held_on=data["held_on"],
            tasks=data.get("tasks") or [],
            figures=settled(self._figures(data), sites) if counted else {},
            sites=sites,
            today=self.today,
        )
        for name, text in wrong:
            field = name if name in self.fields else f"figure-{name}"
            self.add_error(field if field in self.fields else None, text)

    # --- for the page --------------------------------------------------------------------------------------------

    def main_fields(self):
        """What comes first on the page: when, how, where, how many; the tasks and the name follow."""
        names = ("agency", "held_on", "form", "place", f"figure-{WHO_CAME}")
        return [self[name] for name in names if name in self.fields and not self[name].is_hidden]

    @cached_property
    def _ticked(self) -> list[str]:
        return [str(value) for value in self["tasks"].value() or []]

    @cached_property
    def _likely(self) -> list[str]:
        return likely(self.task_of, ticked=self._ticked, used=used_last(self.user, self.own))

    def suggested_tasks(self):
        """The boxes that stand open: what is ticked, and what the person most likely means."""
        goals = goals_told([int(pk) for pk in self._likely], self.today) if self._likely else {}
        return as_choices(self.task_of, self._likely, self._ticked, goals)

    def other_tasks(self):
        """(plan, boxes) of the tasks that are folded away."""
        for plan, pks in by_plan(self.task_of):
            if rest := [pk for pk in pks if pk not in self._likely]:
                yield plan, as_choices(self.task_of, rest, self._ticked)

    def folded_counts(self):
        """(heading, counts) of the folded part; what the catalogue has besides comes last."""
        placed = {WHO_CAME}
        for heading, codes in FOLDED:
            placed |= set(codes)
            yield heading, [self[f"figure-{code}"] for code in codes if f"figure-{code}" in self.fields]
        if more := [self[f"figure-{row.code}"] for row in self.indicators if row.code not in placed]:
            yield "Số liệu khác", more

    @property
    def shows_more(self) -> bool:
        """Whether the folded part stands open: something in it was typed, is wrong, or more rows were asked for."""
        folded = {"content", "target_groups", "topics"} | {f"figure-{row.code}" for row in self.indicators}
        folded |= {name for name in self.fields if name.startswith("site-")}
        folded.remove(f"figure-{WHO_CAME}")
        if str(self["figure-PB01"].value()) in ("1", "1.000"):  # one event is what the portal itself fills in
            folded.remove("figure-PB01")
        return self.wants_rows or any(self[name].errors or self[name].value() for name in folded)

    def site_rows(self):
        """Name, on line, attendance of each row of the table of sites."""
        for number in range(self.site_count):
            yield [self[f"site-{number}-{part}"] for part in ("name", "online", "attendance")]

    # --- for the verbs -------------------------------------------------------------------------------------------

    def values(self) -> dict:
        """The arguments that ``record_activity`` and ``amend_activity`` have in common."""
        data = self.cleaned_data
        names = ("title", "held_on", "form", "place", "content", "target_groups", "topics", "tasks")
        return {name: data[name] for name in names} | {"figures": self._figures(data), "sites": self._sites(data)}

    def _figures(self, data) -> dict:
        return {row.code: data.get(f"figure-{row.code}") for row in self.indicators}

    def _sites(self, data) -> list:
        return [
            tuple(data.get(f"site-{number}-{part}") for part in ("name", "online", "attendance"))
            for number in range(self.site_count)
            if data.get(f"site-{number}-name")
        ]


def _typed_before(activity: Activity) -> dict:
    """The stored activity as the form's first values."""
    names = ("version", "title", "held_on", "form", "place", "content", "target_groups", "topics")
    return {name: getattr(activity, name) for name in names} | {
        "tasks": [str(task.pk) for task in activity.tasks.all()],
        "figures": {figure.indicator.code: figure.value for figure in activity.figures.select_related("indicator")},
        "sites": [
            {"name": site.name, "online": site.online, "attendance": site.attendance} for site in activity.sites.all()
        ],
    }


def repeated(activity: Activity) -> dict:
    """First values for doing it again: the words, the tasks and the sites. Counts belong to their own day."""
    before = _typed_before(activity)
    names = ("title", "form", "place", "content", "target_groups", "topics", "tasks")
    sites = [{"name": site["name"], "online": site["online"], "attendance": None} for site in before["sites"]]
    return {name: before[name] for name in names} | {"agency": activity.agency_id, "sites": sites}
