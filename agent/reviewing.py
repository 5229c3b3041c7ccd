"""Makes a review with everything it needs, and writes it; heavy work runs in a compute process."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from agent.bootstrap import Company
from agent.views.playbook import changed_lines, playbook
from engine.model.config import PlanConfig
from engine.service.review import StoredReview, last_review, make_review, month_of, stored_review
from engine.service.stores import Stores

Form = Literal["html", "pdf"]


def review_now(company: Company, month: str | None, *, author: str, now: datetime) -> StoredReview:
    """The review of a month (by default the last whole one), made and kept."""
    text = playbook_now(company, now)
    before = last_review(company.stores, before=f"{month_of(company.stores, month).start:%Y-%m}")
    changes = [] if before is None else changed_lines(before.playbook, text)
    number = company.compute.call(
        made, company.stores, company.plan_config, month, text, changes, author, now
    )
    return stored_review(company.stores, number)


def made(
    stores: Stores, config: PlanConfig, month: str | None, text: str, changes: Sequence[str],
    author: str, now: datetime,
) -> int:  # fmt: skip
    """The number of the review; importable by a compute process."""
    return make_review(
        stores, config, month=month, playbook=text, changes=changes, author=author, now=now
    ).id


def playbook_now(company: Company, now: datetime) -> str:
    """The policy in force in words."""
    digests = [
        f"Digest {each.name!r} to {each.channel}: {each.at} (crontab)."
        for each in company.settings.digests
    ]
    return playbook(
        company.stores, company.plan_config, digests=digests or ["No digest is set up."], now=now,
        locale=company.settings.terminal.locale,
    )  # fmt: skip


def write_report(company: Company, number: int, form: Form) -> bytes:
    """A kept review as a page or as PDF."""
    locale = company.settings.terminal.locale
    return company.compute.call(written, company.stores, number, form, locale)


def written(stores: Stores, number: int, form: Form, locale: str) -> bytes:
    """Importable by a compute process: pictures and paper are drawn there."""
    from agent.html.review import review_html
    from agent.views.kpi_chart import panels_png, panels_words, review_panels
    from agent.views.report import report_of
    from agent.views.review_pdf import review_pdf

    review = stored_review(stores, number).review
    report, panels = report_of(review, locale), review_panels(review)
    picture = panels_png(panels)
    if form == "pdf":
        return review_pdf(report, picture)
    return review_html(report, picture, panels_words(panels)).encode()
