"""What is to be said of each hot query: its name (tests/bench/plans.py) → a sentence for docs/plans.md."""

SENTENCES: dict[str, str] = {
    "campaigns.views.tasks.task_page: reports_reportline": "What was reported of one task over the quarters. The "
    "index on the task finds its lines; each line's report, period and agency come by primary key. What it costs beyond "
    "that is the width of what is read: see Serialization.",
    "reports.consolidation._lead_lines: reports_reportline": "Every task of a quarter with its lead's line, its plan and "
    "section, who supports it, and what was last accepted before. It reads as many lines as the council has tasks, by "
    "design: the page lists them all. The earlier line and the supporting agencies are looked up per task by index.",
    "reports.sheet._previous_report: reports_progressreport": "The agency's last accepted report before this one: one "
    "row by (agency, period). Its period comes with it, so a wide period shows here under Serialization.",
    "reports.sheet.load_sheet: reports_reportline": "The lines of one agency's report with their tasks, plans and "
    "sections: the index on the report, then primary keys. As many rows as the agency has tasks.",
    "portal.search.search_for: campaigns_plan": "All kinds of things in one UNION, each over its own GIN index of words "
    "and only among what the person may see; ranking sorts what was found, which is why common words cost most.",
    "reports.board.load_board: reports_receipt": "A row per agency of the quarter with counts of its lines: one pass over "
    "the quarter's lines by the index on the report, grouped.",
    "agencies.permissions._grants_in_reach: agencies_agencygrouppermission": "The person's grants, as ids, once per "
    "request: groups by person, then grants by group. A handful of rows, whatever the size of the country.",
    "agencies.sessions.SessionStore._get_session_from_db: agencies_session": "The session by its key, one row by primary "
    "key; it is here because every page asks it.",
    "portal.shell.Shell._members: agencies_membership": "The person's open roles with their agency and council for the "
    "head of the page: an index on the person, a row or two.",
    "portal.shell.Shell.notices_waiting: agencies_notice": "How many notices the person has not seen: a partial look into "
    "the index on the recipient.",
}
