"""Who works at the demo merchant, in the format of the people file."""

PEOPLE_FILE = """\
# Who may do what at the demo company. Amounts are in pounds.
currency: GBP

roles:
  buyer:
    rights: [read, draft, override]
  manager:
    rights: [read, draft, approve, set_budget, override]
    limits:
      - up_to: 40000
  finance:
    rights: [read, approve, set_budget, over_budget, administer]
    limits:
      - up_to: 100000

people:
  - {id: buyer, name: Amira Khan, roles: [buyer], email: amira@alderwick.example}
  - {id: manager, name: Marcus Hale, roles: [manager], email: marcus@alderwick.example}
  - {id: deputy, name: Priya Nair, roles: [manager], email: priya@alderwick.example}
  - {id: finance, name: Fiona Doyle, roles: [finance], email: fiona@alderwick.example}

approval:
  steps:
    - {name: purchasing}
    - {name: finance, above: 25000, roles: [finance]}
  cumulative_days: 7
  expires_after_hours: 72
"""
