"""Who acts: the person that the people file maps a verified Slack user to, and nobody else."""

from agent.bootstrap import Company
from engine.errors import NotAllowed, UnknownName
from engine.model.people import Person
from engine.service import people


def person_of_slack(company: Company, team: str, user: str) -> Person:
    """Raises NotAllowed for somebody the people file does not name, or names as inactive."""
    try:
        return people.person_for_slack(company.stores, team, user)
    except UnknownName:
        raise NotAllowed(
            f"I do not know you yet. Ask whoever runs Quartermaster to write the Slack id {user} "
            f"of workspace {team} beside you in the people file."
        ) from None
