"""The demo world: what a first visitor finds, built with the same verbs as the site.

``logins``, ``councils``, ``plans_*``, ``deeds``, ``texts`` are content; ``build`` tells the story. Places and
signing bodies are real (Cần Thơ, 29/02/2024); people, figures, dates of activities and report texts are invented.
"""
