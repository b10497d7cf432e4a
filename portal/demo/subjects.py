"""What an activity was about, for whom, where and at what cost: read off its words and its quarter's money."""

from collections.abc import Sequence
from decimal import Decimal

from campaigns.models import Activity

_GROUPS = Activity.TargetGroup
# A word of the title → the group of Luật PBGDPL Điều 17–22 that was spoken to.
_FOR = (
    ("Khmer", _GROUPS.REMOTE),
    ("Chôl Chnăm Thmây", _GROUPS.REMOTE),
    ("tảo hôn", _GROUPS.REMOTE),
    ("người có uy tín", _GROUPS.REMOTE),
    ("doanh nghiệp vận tải", _GROUPS.WORKERS),
    ("công nhân", _GROUPS.WORKERS),
    ("phạm nhân", _GROUPS.DETAINED),
)
# A word of the title or content → the topic.
_ABOUT = (
    ("Luật Đất đai", "Đất đai"),
    ("đất đai", "Đất đai"),
    ("Luật Nhà ở", "Nhà ở"),
    ("Luật Căn cước", "Căn cước, định danh điện tử"),
    ("lừa đảo", "Phòng, chống lừa đảo"),
    ("không gian mạng", "An ninh mạng"),
    ("ma túy", "Phòng, chống ma túy"),
    ("bạo lực gia đình", "Phòng, chống bạo lực gia đình"),
    ("bạo lực học đường", "Bạo lực học đường"),
    ("bình đẳng giới", "Bình đẳng giới"),
    ("mua bán người", "Phòng, chống mua bán người"),
    ("trẻ em", "Trẻ em"),
    ("an toàn giao thông", "An toàn giao thông"),
    ("rượu, bia", "An toàn giao thông"),
    ("phòng cháy", "Phòng cháy, chữa cháy"),
    ("Nghĩa vụ quân sự", "Nghĩa vụ quân sự"),
    ("dân chủ ở cơ sở", "Dân chủ ở cơ sở"),
    ("hòa giải", "Hòa giải ở cơ sở"),
    ("tham nhũng", "Phòng, chống tham nhũng"),
    ("viên chức", "Cán bộ, công chức, viên chức"),
    ("tảo hôn", "Hôn nhân và gia đình"),
    ("thừa kế", "Thừa kế"),
    ("lao động", "Lao động"),
)


def groups_of(text: str) -> list[str]:
    """The target groups that the words name; none is the general public."""
    return list(dict.fromkeys(group.value for word, group in _FOR if word in text))


def topics_of(text: str) -> list[str]:
    """The topics that the words name."""
    return list(dict.fromkeys(topic for word, topic in _ABOUT if word in text))


def spread(total: Decimal, weights: Sequence[int], step: str = "0.1") -> list[Decimal]:
    """A total in parts by weight, each a whole number of steps; the parts add up to the total exactly."""
    unit, whole = Decimal(step), sum(weights)
    shares = [total * weight / whole // unit * unit for weight in weights]
    left = int((total - sum(shares)) / unit)
    largest = sorted(range(len(weights)), key=lambda index: (-weights[index], index))
    for index in (largest * (left // len(largest) + 1))[:left] if left else ():
        shares[index] += unit
    return shares


def budgets(money: dict[str, Decimal], figures: Sequence[dict[str, int]]) -> list[dict[str, Decimal]]:
    """What each activity cost, so that a quarter's activities add up to its money. Gifts go to the largest one."""
    weights = [
        sum(row.get(code, 0) for code in ("PB02", "TH02", "PB06", "PB07"))
        + (row.get("PB04", 0) + row.get("PB05", 0)) // 20
        for row in figures
    ]
    largest = max(range(len(weights)), key=weights.__getitem__)
    gifts = [int(index == largest) for index in range(len(weights))]
    parts = {code: spread(total, gifts if code == "PB10c" else weights) for code, total in money.items() if total}
    return [{code: shares[index] for code, shares in parts.items() if shares[index]} for index in range(len(weights))]


def sites_of(names: Sequence[str], people: int) -> list[tuple[str, bool, int]]:
    """An audience at a main site and others on line; the sites add up to the people."""
    weights = [len(names) + 1] + [1] * (len(names) - 1)
    attendance = spread(Decimal(people), weights, "1")
    return [(name, number > 0, int(attendance[number])) for number, name in enumerate(names)]
