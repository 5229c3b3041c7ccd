"""`qm learn`: what past weeks teach about the next, and tiers that a person decides."""

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from agent.commands.acting import acting
from agent.commands.listing import print_each
from agent.commands.purchase import As, Json

if TYPE_CHECKING:
    from engine.service.learnt import Correction
    from engine.service.tiers import TierProposal


def register(app: typer.Typer) -> None:
    learn = typer.Typer(help="Corrections from past weeks, kept only where they help.")
    learn.callback(invoke_without_command=True)(look_back)
    learn.command("list")(list_corrections)
    learn.command("tiers")(tiers)
    learn.command("decide")(decide)
    app.add_typer(learn, name="learn")


def look_back(context: typer.Context, *, act_as: As = None) -> None:
    """Measure each week against the plan that was live then, and correct what leans to one side.

    A factor on the forecast or its band for a category, or days for a supplier, is fitted on the
    earlier weeks and taken up only if the later ones, held back, were better with it. Those in
    force are judged again and rolled back where they did not help. It counts from the next plan on.
    """
    if context.invoked_subcommand is not None:
        return
    from engine.service.learning import learn
    from engine.service.tiers import propose_tiers

    with acting(context, act_as) as here:
        company = here.company
        lesson = learn(company.stores, company.plan_config, now=here.now, person=here.person)
        proposed = propose_tiers(company.stores, company.plan_config, now=here.now)
    typer.echo(f"Looked at {lesson.weeks} weeks of plans.")
    for each in (*lesson.taken, *lesson.rolled_back, *lesson.refused):
        typer.echo(_line(each))
    if not (lesson.taken or lesson.rolled_back or lesson.refused):
        typer.echo("Nothing leans to one side, or there are too few weeks to tell.")
    if proposed is not None:
        typer.echo(_proposal(proposed))


def list_corrections(context: typer.Context, *, as_json: Json = False) -> None:
    """Every correction with its evidence, the newest first."""
    from agent.bootstrap import open_company
    from engine.service.learnt import corrections

    with open_company(context.obj) as company:
        found = corrections(company.stores)
    print_each(found, _line, as_json=as_json, nothing="Nothing has been learnt yet.")


def tiers(context: typer.Context, *, as_json: Json = False) -> None:
    """Proposals to let more, or fewer, lines go on without a person."""
    from agent.bootstrap import open_company
    from engine.service.tiers import proposals

    with open_company(context.obj) as company:
        found = proposals(company.stores)
    print_each(found, _proposal, as_json=as_json, nothing="Nothing is proposed.")


def decide(
    context: typer.Context,
    number: Annotated[int, typer.Argument(help="Number of the proposal.")],
    decision: Annotated[Literal["approve", "reject"], typer.Argument(help="What you decide.")],
    reason: Annotated[str, typer.Option(help="Why.")],
    act_as: As = None,
) -> None:
    """Decide on a proposal about tiers; whoever may set budgets may, and it is sealed."""
    from engine.service.tiers import decide_tiers, proposal

    with acting(context, act_as) as here:
        stores = here.company.stores
        typer.echo(_proposal(decide_tiers(
            stores, number, decision=decision, shown=proposal(stores, number).digest,
            person=here.person, reason=reason, now=here.now,
        )))  # fmt: skip


_WHAT = {"bias": "forecast times", "band": "band times", "lead_time": "days later:"}


def _line(each: "Correction") -> str:
    evidence = each.evidence
    why = f"; {each.ended_why}" if each.ended_why else ""
    return (
        f"{each.scope}: {_WHAT[each.kind]} {each.value:g}, {each.state.replace('_', ' ')}. On "
        f"{evidence['held_points']} held back the score went from {evidence['before']:.4f} to "
        f"{evidence['after']:.4f}{why}."
    )


def _proposal(each: "TierProposal") -> str:
    limits = [
        next((rule.up_to_minor for rule in side.rules if rule.tier != "wait"), None)
        for side in (each.before, each.after)
    ]
    seen = each.evidence
    return (
        f"Proposal {each.id}, {each.state}: lines up to {limits[1]} instead of {limits[0]} minor "
        f"units go on by themselves. Bought as proposed: {seen['flowed_as_proposed']} of "
        f"{seen['flowed']} that did, {seen['waited_as_proposed']} of {seen['waited']} that waited "
        f"just above. Decide: qm learn decide {each.id} approve --reason ..."
    )
