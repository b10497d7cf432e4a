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
    "reports.attainment._counted: campaigns_activity": "What activities count towards the targets of plans. The index on "
    "the task finds the ties, then figures and activities by primary key; for each the reports of its agency are looked "
    "through for an accepted one of its quarter, which is most of the cost and where a cheaper form would pay.",
    "reports.consolidation.read: reports_reportline": "Every task of a quarter with its lead's line and what was last "
    "accepted before: as many rows as the council has tasks, for the drafted report names them.",
    "reports.sheet._lines: reports_reportline": "The lines of one agency's report and of the one before it, with tasks, "
    "plans and sections: the index on the report, then primary keys. As many rows as the agency has tasks, twice.",
    "reports.overview._quarter: reports_reportline": "The states of a quarter's tasks counted for the leaders' page: "
    "leads' lines by their partial covering index, the last accepted line before by another, grouped in one pass.",
    "portal.search_statement.rows_of: campaigns_plan": "All kinds of things in one UNION, each among what the person may "
    "see. The index of words answers rare words; for common ones the council's rows are read and ranked.",
    "reports.sheet._lines: campaigns_evidence": "The files that the lines of a report point to: the joining table by the "
    "lines, then files by primary key.",
    "reports.comparison.accepted_figures: reports_reportfigure": "The accepted figures of a council by period, agency and "
    "indicator: the reports of its periods, then figures by the index on the report.",
    "reports.opening.agencies_without_line: campaigns_assignment": "Assignments in force that an open quarter has no line "
    "of: the council's tasks against the lines of the quarter, for the button that brings them in.",
    "campaigns.views.tasks.task_list.<locals>.<listcomp>: campaigns_task": "A page of the list of tasks: the tasks of the "
    "council, or those that the agency carries, sorted by plan and place, cut at fifty.",
}
