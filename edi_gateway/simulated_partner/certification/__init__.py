"""Certification: a partner plays its part with a gateway, and every step is held against what was expected of it.

report     steps, scenarios and the report they make
gateway    what a scenario may ask of the gateway it plays with
orders     what is ordered: samples of the partner's, or invented
play       one scenario being played
main       from the order to the money
habits     what partners do that no guide says, one scenario each
"""

from edi_gateway.simulated_partner.certification.gateway import GatewayInPlay, HeldFlow, SeenOrder, SeenSet
from edi_gateway.simulated_partner.certification.habits import HABITS, Habit
from edi_gateway.simulated_partner.certification.main import order_to_cash
from edi_gateway.simulated_partner.certification.orders import (
    Invented,
    OrderSource,
    Sampled,
    SampleFile,
    kept_samples,
    read_sample,
    sample_of,
)
from edi_gateway.simulated_partner.certification.play import Play
from edi_gateway.simulated_partner.certification.report import Report, Scenario, Step

__all__ = [
    "HABITS",
    "GatewayInPlay",
    "Habit",
    "HeldFlow",
    "Invented",
    "OrderSource",
    "Play",
    "Report",
    "SampleFile",
    "Sampled",
    "Scenario",
    "SeenOrder",
    "SeenSet",
    "Step",
    "kept_samples",
    "order_to_cash",
    "read_sample",
    "sample_of",
]
