"""The planned company of support.planned, for every test in here."""

from support.planned import bea, company, planned_home, thread

__all__ = ["bea", "company", "planned_home", "thread"]
