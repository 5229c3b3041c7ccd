"""Where a customer can be written to: looked up when a message leaves, and kept nowhere."""

import csv
from dataclasses import dataclass, field
from pathlib import Path

from engine.errors import BadSettings

COLUMNS = ("contact_ref", "email")


@dataclass(frozen=True, kw_only=True)
class Contact:
    """Never in a log, a prompt or the database."""

    email: str = field(repr=False)
    locale: str = ""


def find_contact(path: Path, contact_ref: str) -> Contact | None:
    """The customer of this reference in a CSV of contact_ref, email and (optional) locale.

    The file is read to the row and closed. Raises BadSettings for a file that is none.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as opened:
            rows = csv.DictReader(opened)
            missing = [name for name in COLUMNS if name not in (rows.fieldnames or ())]
            if missing:
                raise BadSettings(
                    f"The contacts {path.name} lack the column {missing[0]!r}; write contact_ref, "
                    "email and, if you like, locale."
                )
            for row in rows:
                if row["contact_ref"] == contact_ref and row["email"]:
                    return Contact(email=row["email"].strip(), locale=(row.get("locale") or ""))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise BadSettings(
            f"The contacts {path.name} cannot be read: {error}. Check promises.contacts."
        ) from None
    return None
