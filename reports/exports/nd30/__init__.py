"""A checker of Word files against NĐ 30/2020/NĐ-CP, Phụ lục I (domain.md §4): ``rules`` holds the table of rules."""
