"""Forms of the agencies' pages. Each takes the person and offers only what that person may use."""

import hashlib

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.db.models import Q

from agencies.membership import ENDING_KINDS, people_of
from agencies.models import AGENCY_ROLES, COUNCIL_ROLES, Agency, Council, Membership, Succession, User
from agencies.permissions import Perm, grants_of
from agencies.vietnamese import clean, sort_key

REQUIRED = "Không được để trống."
CHOOSE = "— Chọn —"  # an empty choice where one has to be made
DAY = "dd/mm/yyyy"


class DayField(forms.DateField):
    """A date typed day first; ISO dates are understood too."""

    default_error_messages = {"required": REQUIRED, "invalid": f"Ngày không đúng; hãy ghi theo dạng {DAY}."}

    def __init__(self, **kwargs):
        widget = forms.DateInput(attrs={"placeholder": DAY, "inputmode": "numeric", "autocomplete": "off"})
        super().__init__(**{"widget": widget, **kwargs})


class LineField(forms.CharField):
    """One line of text: NFC, single spaces."""

    def __init__(self, **kwargs):
        messages = {"required": REQUIRED, "max_length": "Dài quá %(limit_value)d ký tự (đang là %(show_value)d)."}
        super().__init__(**{"error_messages": messages, **kwargs})

    def to_python(self, value):
        return clean(super().to_python(value))


class SeenForm(forms.Form):
    """A form that remembers what it showed: when the stored row has changed meanwhile, it says so and saves nothing.

    Saving once more, after having been told, is a decision.
    """

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def remember(self, stored: bool) -> None:
        """Called at the end of ``__init__``: a new row has nothing that could have changed."""
        if not stored:
            del self.fields["seen"]
            return
        self.initial["seen"] = ""
        shown = repr(sorted((name, repr(value)) for name, value in self.initial.items()))
        self.initial["seen"] = hashlib.sha256(shown.encode()).hexdigest()[:32]

    def clean(self):
        data = super().clean()
        seen = data.pop("seen", "")
        if seen and seen != self.initial["seen"]:
            self.data = self.data.copy()
            self.data[self.add_prefix("seen")] = self.initial["seen"]
            now = [
                f"{field.label}: {self.initial[name] or '—'}"
                for name, field in self.fields.items()
                if name in self.changed_data and isinstance(self.initial.get(name), str) and name != "seen"
            ]
            stored = f" Đang lưu — {'; '.join(now)}." if now else ""
            raise ValidationError(
                f"Người khác vừa sửa trong lúc bạn gõ; chưa lưu gì.{stored} "
                "Nội dung của bạn còn trong biểu: hãy so lại, lưu lần nữa là chọn lời của bạn."
            )
        return data


class AgencyFilter(forms.Form):
    """What narrows the list of agencies."""

    STATES = [
        ("", "Mọi tình trạng"),
        ("ton-tai", "Đang hoạt động"),
        ("da-ket-thuc", "Đã kết thúc"),
        ("chua-hieu-luc", "Chưa hiệu lực"),
    ]

    q = LineField(label="Tìm theo tên, mã", required=False, widget=forms.TextInput(attrs={"type": "search"}))
    trang_thai = forms.ChoiceField(
        label="Tình trạng",
        choices=STATES,
        required=False,
        error_messages={"invalid_choice": "Tình trạng “%(value)s” không có trong danh sách; đang hiện mọi cơ quan."},
    )

    def add_prefix(self, field_name):
        """Addresses read ?trang-thai=, as elsewhere in the portal."""
        return super().add_prefix(field_name.replace("_", "-"))


def _in_protocol_order(agencies):
    return agencies.order_by("council__code", "protocol_order", "code")


class AgencyForm(SeenForm):
    """The facts of an agency. On creation also its council (when the person has several) and its code."""

    council = forms.ModelChoiceField(
        label="Hội đồng",
        queryset=Council.objects.none(),
        empty_label=CHOOSE,
        error_messages={"required": REQUIRED},
    )
    name = LineField(label="Tên đầy đủ", max_length=200)
    short_name = LineField(label="Tên ngắn", max_length=80, help_text="Dùng trong bảng, ví dụ: Sở Tư pháp")
    code = forms.SlugField(
        label="Mã",
        max_length=40,
        required=False,
        help_text="Chữ không dấu, số, gạch nối. Để trống thì tạo từ tên ngắn; không đổi được về sau.",
        error_messages={"invalid": "Mã chỉ gồm chữ không dấu, số, gạch nối và gạch dưới."},
    )
    aliases = forms.CharField(
        label="Tên gọi khác",
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Mỗi dòng một tên. Dùng để nhận ra cơ quan khi nhập kế hoạch và tìm kiếm.",
    )
    abbreviation = LineField(
        label="Chữ viết tắt trong số, ký hiệu", max_length=40, required=False, help_text="Ví dụ: STP"
    )
    parent = forms.ModelChoiceField(
        label="Trực thuộc", queryset=Agency.objects.none(), required=False, empty_label="— Không —"
    )
    valid_from = DayField(label="Hoạt động từ ngày")
    valid_to = DayField(
        label="Kết thúc từ ngày",
        required=False,
        help_text="Ngày đầu tiên không còn hoạt động; để trống nếu đang hoạt động.",
    )
    requires_approval = forms.BooleanField(label="Báo cáo phải được lãnh đạo đơn vị duyệt", required=False)
    protocol_order = forms.IntegerField(
        label="Thứ tự trong danh sách",
        min_value=0,
        max_value=32767,
        initial=100,
        error_messages={"required": REQUIRED, "invalid": "Hãy nhập một số nguyên."},
    )

    def __init__(self, *args, user, agency: Agency | None = None, **kwargs):
        self.agency = agency
        if agency is not None:
            kwargs["initial"] = {
                name: getattr(agency, name) for name in self.base_fields if name not in {"aliases", "council", "seen"}
            } | {"aliases": "\n".join(agency.aliases)}
        super().__init__(*args, **kwargs)
        councils = Council.objects.filter(pk__in=grants_of(user).councils(Perm.MANAGE_AGENCIES))
        parents = _in_protocol_order(Agency.objects.visible_to(user))
        if agency is not None:
            del self.fields["council"], self.fields["code"]
            parents = parents.filter(council=agency.council_id).exclude(pk=agency.pk)
        else:
            self.fields["council"].queryset = councils
            parents = parents.filter(council__in=councils)
            found = list(councils[:2])
            if len(found) == 1:
                self.fields["council"].initial = found[0]
                self.fields["council"].widget = self.fields["council"].hidden_widget()
        self.fields["parent"].queryset = parents
        self.remember(agency is not None)

    def clean_aliases(self):
        lines = [clean(line) for line in self.cleaned_data["aliases"].splitlines()]
        if long := [line for line in lines if len(line) > 200]:
            raise ValidationError(f"Mỗi tên dài không quá 200 ký tự: “{long[0][:60]}…”.")
        return [line for line in lines if line]

    def clean(self):
        data = super().clean()
        start, end = data.get("valid_from"), data.get("valid_to")
        if start and end and end <= start:
            self.add_error("valid_to", "Ngày kết thúc phải sau ngày bắt đầu hoạt động.")
        return data

    def changes(self) -> dict:
        """What was changed on the page, and only that: another person's change of another fact is left alone."""
        return {name: self.cleaned_data[name] for name in self.changed_data if name != "seen"}


class SuccessionForm(forms.Form):
    """Who follows an agency: one that exists, or a new one entered in the same step."""

    kind = forms.ChoiceField(label="Hình thức", choices=Succession.Kind.choices, error_messages={"required": REQUIRED})
    effective_on = DayField(label="Từ ngày")
    document_number = LineField(
        label="Văn bản", max_length=120, required=False, help_text="Số, ký hiệu văn bản, ví dụ: 12/NQ-HĐND"
    )
    successor = forms.ModelChoiceField(
        label="Cơ quan kế thừa đã có trong danh sách",
        queryset=Agency.objects.none(),
        required=False,
        empty_label="— Cơ quan mới, nhập bên dưới —",
    )
    new_name = LineField(label="Tên đầy đủ của cơ quan mới", max_length=200, required=False)
    new_short_name = LineField(label="Tên ngắn của cơ quan mới", max_length=80, required=False)
    new_code = forms.SlugField(
        label="Mã của cơ quan mới",
        max_length=40,
        required=False,
        help_text="Để trống thì tạo từ tên ngắn.",
        error_messages={"invalid": "Mã chỉ gồm chữ không dấu, số, gạch nối và gạch dưới."},
    )
    others = forms.ModelMultipleChoiceField(
        label="Cơ quan khác cùng nhập vào",
        queryset=Agency.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Chỉ chọn khi nhiều cơ quan hợp nhất thành một trong cùng văn bản.",
    )
    hand_over_people = forms.BooleanField(
        label="Chuyển vai trò của mọi người sang cơ quan kế thừa", required=False, initial=True
    )

    def __init__(self, *args, user, agency: Agency, **kwargs):
        super().__init__(*args, **kwargs)
        self.agency = agency
        family = _in_protocol_order(Agency.objects.visible_to(user))
        family = family.filter(council=agency.council_id).exclude(pk=agency.pk)
        self.fields["successor"].queryset = family
        self.fields["others"].queryset = family.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=agency.valid_from))

    def clean(self):
        data = super().clean()
        named = data.get("new_name") or data.get("new_short_name")
        if data.get("successor") and named:
            self.add_error("successor", "Chọn cơ quan đã có, hoặc nhập cơ quan mới; không làm cả hai.")
        elif not data.get("successor") and "successor" not in self.errors:
            for field in ("new_name", "new_short_name"):
                if not data.get(field) and field not in self.errors:
                    self.add_error(field, "Nhập tên cơ quan mới, hoặc chọn một cơ quan đã có ở trên.")
        others = data.get("others") or []
        if data.get("successor") in list(others):
            self.add_error("others", "Cơ quan kế thừa không thể đồng thời là cơ quan cũ.")
        if others and data.get("kind") and data["kind"] not in ENDING_KINDS:
            self.add_error("others", "Chỉ chọn thêm cơ quan cũ khi hợp nhất, sáp nhập.")
        return data


class _RoleForm(forms.Form):
    """A role in an agency or a council, from a day on."""

    role = forms.ChoiceField(
        label="Vai trò",
        error_messages={"required": REQUIRED, "invalid_choice": "Vai trò này không dùng ở đây."},
    )
    joined_on = DayField(label="Từ ngày")

    def __init__(self, *args, scope: Agency | Council, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.scope, self.today = scope, today
        self.council = scope.council if isinstance(scope, Agency) else scope
        roles = AGENCY_ROLES if isinstance(scope, Agency) else COUNCIL_ROLES
        self.fields["role"].choices = [(role.value, role.label) for role in roles]
        self.fields["joined_on"].initial = today

    def clean_joined_on(self):
        day = self.cleaned_data["joined_on"]
        if day > self.today:
            raise ValidationError("Vai trò có hiệu lực ngay khi giao: ngày không được sau hôm nay.")
        return day


class MembershipForm(_RoleForm):
    """A role for somebody who already has an account in the council."""

    user = forms.TypedChoiceField(
        label="Người",
        coerce=int,
        error_messages={"required": "Chọn một người.", "invalid_choice": "Tài khoản này không có trong hội đồng."},
    )
    field_order = ["user", "role", "joined_on"]

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.people = {
            person.pk: person for person in people_of(self.council).filter(is_active=True).exclude(pk=user.pk)
        }
        by_name = sorted(self.people.values(), key=lambda person: (sort_key(str(person)), person.username))
        self.fields["user"].choices = [("", CHOOSE)] + [
            (person.pk, " · ".join(filter(None, [str(person), person.position, person.username]))) for person in by_name
        ]

    def clean_user(self):
        return self.people[self.cleaned_data["user"]]


class AccountForm(_RoleForm):
    """A new account and its first role."""

    username = LineField(
        label="Tên đăng nhập",
        max_length=150,
        validators=[UnicodeUsernameValidator(message="Chỉ dùng chữ, số và các dấu @ . + - _")],
        widget=forms.TextInput(attrs={"autocapitalize": "none", "autocomplete": "off", "spellcheck": "false"}),
    )
    full_name = LineField(label="Họ và tên", max_length=120)
    position = LineField(label="Chức vụ", max_length=120, required=False)
    phone = LineField(label="Điện thoại", max_length=30, required=False)
    email = forms.EmailField(
        label="Thư điện tử", required=False, error_messages={"invalid": "Địa chỉ thư điện tử không đúng."}
    )
    password = forms.CharField(
        label="Mật khẩu ban đầu",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=(
            "Ít nhất 14 ký tự, có chữ thường, chữ hoa, chữ số và ký tự khác. Trao tận tay người dùng; sau khi lưu "
            "không xem lại được, và người dùng phải đổi ở lần đăng nhập đầu tiên."
        ),
        error_messages={"required": REQUIRED},
    )
    field_order = ["username", "full_name", "position", "phone", "email", "role", "joined_on", "password"]

    def clean_username(self):
        username = User.normalize_username(self.cleaned_data["username"])
        if User.objects.filter(username__iexact=username).exists():
            raise ValidationError(f"Tên đăng nhập “{username}” đã có người dùng. Hãy chọn tên khác.")
        return username

    def clean(self):
        data = super().clean()
        if password := data.get("password"):
            person = User(
                username=data.get("username", ""), full_name=data.get("full_name", ""), email=data.get("email", "")
            )
            try:
                validate_password(password, person)
            except ValidationError as error:
                self.add_error("password", error)
        if self.errors and "password" not in self.errors:
            self.add_error("password", "Hãy gõ lại mật khẩu: mật khẩu không được giữ lại trên trang.")
        return data

    def details(self) -> dict:
        """What describes the person, without password and role."""
        return {name: self.cleaned_data[name] for name in ("username", "full_name", "position", "phone", "email")}


class LeaveForm(forms.Form):
    """The last day of a role."""

    left_on = DayField(label="Kết thúc từ ngày", help_text="Quyền chấm dứt ngay khi xác nhận.")

    def __init__(self, *args, member: Membership, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.member, self.today = member, today
        self.fields["left_on"].initial = max(today, member.joined_on)

    def clean_left_on(self):
        day, first = self.cleaned_data["left_on"], self.member.joined_on
        if day < first:
            raise ValidationError(f"Vai trò này bắt đầu từ {first:%d/%m/%Y}; không thể kết thúc trước ngày đó.")
        if day > max(self.today, first):
            raise ValidationError("Vai trò kết thúc ngay khi xác nhận: ngày không được sau hôm nay.")
        return day
