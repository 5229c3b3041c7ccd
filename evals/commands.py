"""`qm eval` and `qm bench`, loaded lazily by the command line from the entry points."""

import typer

from evals.agent.command import eval_agent
from evals.allocation.command import bench_allocate
from evals.approve.command import bench_approve
from evals.bench_forecast import bench_forecast
from evals.bench_import import bench_import
from evals.bench_plan.command import bench_plan
from evals.bench_promise.command import bench_promise
from evals.bench_slack.command import bench_slack
from evals.bench_tools.command import bench_tools
from evals.bench_turns.command import bench_turns
from evals.breach.command import eval_breach
from evals.calibration.command import eval_calibration
from evals.faults.command import eval_faults
from evals.intermittent.command import eval_intermittent
from evals.inventorybench.command import eval_inventorybench
from evals.lead_time.command import eval_lead_time
from evals.learning.command import eval_learn
from evals.m5.command import eval_m5
from evals.orders.command import bench_orders
from evals.paraphrases.command import eval_paraphrases
from evals.promotions.command import eval_promotions
from evals.pulses.command import eval_pulses
from evals.screens.command import eval_screens
from evals.slack_faults.command import eval_slack_faults
from evals.stockouts.command import eval_stockouts
from evals.vn2.command import eval_vn2
from evals.year.command import eval_year

bench = typer.Typer(help="Measure speed and memory.", no_args_is_help=True)
evaluate = typer.Typer(help="Score decisions, forecasts and the agent.", no_args_is_help=True)
bench.command("import")(bench_import)
bench.command("allocate")(bench_allocate)
bench.command("forecast")(bench_forecast)
bench.command("approve")(bench_approve)
bench.command("orders")(bench_orders)
bench.command("plan")(bench_plan)
bench.command("promise")(bench_promise)
bench.command("slack")(bench_slack)
bench.command("tools")(bench_tools)
bench.command("turns")(bench_turns)
evaluate.command("agent")(eval_agent)
evaluate.command("paraphrases")(eval_paraphrases)
evaluate.command("breach")(eval_breach)
evaluate.command("faults")(eval_faults)
evaluate.command("slack-faults")(eval_slack_faults)
evaluate.command("screens")(eval_screens)
evaluate.command("m5")(eval_m5)
evaluate.command("promotions")(eval_promotions)
evaluate.command("stockouts")(eval_stockouts)
evaluate.command("intermittent")(eval_intermittent)
evaluate.command("inventorybench")(eval_inventorybench)
evaluate.command("pulses")(eval_pulses)
evaluate.command("calibration")(eval_calibration)
evaluate.command("lead-time")(eval_lead_time)
evaluate.command("learn")(eval_learn)
evaluate.command("vn2")(eval_vn2)
evaluate.command("year")(eval_year)
