"""The demo merchant: a believable company from a seed, with its true demand kept aside."""

from engine.simulate.company.generate import DemoCompany, generate

__all__ = ["DemoCompany", "generate"]
