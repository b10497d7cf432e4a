"""Which figures belong together: wholes and parts, events and people. Columns of the official forms, domain.md §2.4.

Pure data, so that the rules, the consolidated totals and the page of rules read the same table.
"""

# rule, whole, parts: whole = Σ parts
SUMS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("V10", "PB05", ("PB05a", "PB05b", "PB05c")),
    ("V11", "PB10", ("PB10a", "PB10b", "PB10c")),
    ("V14", "HG02", ("HG03", "HG04")),
    ("V14", "HG02", ("HG05", "HG06")),
    ("V16", "HG11", ("HG12", "HG13", "HG14")),
    ("V16", "HG11", ("HG15", "HG19", "HG20", "HG21")),
    ("V16", "HG15", ("HG16", "HG17", "HG18")),
)
# rule, part, whole: part ≤ whole
PARTS: tuple[tuple[str, str, str], ...] = (
    ("V10", "PB05i", "PB05"),
    ("V12", "PB08a", "PB08"),
    ("V12", "PB09a", "PB09"),
    ("V12", "PB02n", "PB02"),
    ("V12", "PB02d", "PB02"),
    ("V12", "TH03", "TH02"),
    ("V14", "HG07", "HG02"),
    ("V14", "HG08", "HG02"),
    ("V16", "HG16", "HG12"),
    ("V16", "HG17", "HG13"),
    ("V16", "HG18", "HG14"),
    ("V12", "DA01a", "DA01"),
    ("V14", "DA02", "HG01"),
    ("V14", "DA03", "HG01"),
    ("V14", "DA04", "HG02"),
    ("V16", "DA05", "HG11"),
    ("V16", "DA05a", "DA05"),
    ("V16", "DA05a", "HG15"),
)
# events, people: no event, no people; fewer people than events is odd (rule V13)
EVENTS: tuple[tuple[str, str], ...] = (("PB01", "PB02"), ("PB03", "PB04"), ("TH01", "TH02"))
