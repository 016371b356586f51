"""Certification: the simulated partner plays against a private gateway, from the command line or from the console.

gateway    the private gateway: a data folder of its own, one partner, no threads
orders     what is ordered, and what the private ERP has to sell
stage      scenario after scenario, and the report
kept       a certification that is kept in the store while it is played
"""

from edi_gateway.bootstrap.certification.stage import MAIN, Stage, chosen_habits

__all__ = ["MAIN", "Stage", "chosen_habits"]
