"""Every command of the program: its name, where it lives, what it is for, and the panel it is shown under."""

from __future__ import annotations

from typing import NamedTuple

BEGIN = "To begin"
DAY = "A day's work"
MONEY = "Orders, goods and money"
AGREED = "Partners and maps"
WIRES = "Wires, keys and the ERP"
RUNNING = "Running it"


class Entry(NamedTuple):
    """A command as the overview shows it; ``where`` is the module below ``edi_gateway.cli`` and what in it is the command."""

    panel: str
    name: str
    where: str
    says: str


COMMANDS = (
    Entry(BEGIN, "demo", "demo.command:demo", "An order's whole life, from the 850 to the money, on a gateway of its own."),
    Entry(BEGIN, "x12", "x12.commands:app", "Look at X12 documents; needs nothing set up."),
    Entry(DAY, "status", "day.status:status", "How things stand: flows, engines, what is out of order, alerts."),
    Entry(DAY, "hold", "day.hold:app", "What waits for a person."),
    Entry(DAY, "alert", "day.alert:app", "What somebody has to know, and who was told."),
    Entry(DAY, "approval", "day.approval:app", "What waits for a second person."),
    Entry(DAY, "document", "day.document:app", "A document of ours: shown, corrected, with its evidence."),
    Entry(DAY, "transmission", "day.transmission:app", "Sets that came and went, and sending one again."),
    Entry(DAY, "replay", "day.replay:app", "Our stages once more on what we have."),
    Entry(MONEY, "order", "money.order:app", "Orders and the money behind them."),
    Entry(MONEY, "shipment", "money.shipment:app", "What left, its labels and its packing slip."),
    Entry(MONEY, "compliance", "money.compliance:app", "What partners charge for: rules, verdicts, disputes."),
    Entry(MONEY, "invoice", "money.invoice:app", "Invoices, drafts and credit notes."),
    Entry(MONEY, "deposit", "money.deposit:app", "What came to the bank."),
    Entry(MONEY, "case", "money.case:app", "What remittances left to a person."),
    Entry(MONEY, "report", "money.report:app", "Figures, as a table, CSV or JSON."),
    Entry(AGREED, "partner", "partner.commands:app", "Trading partners and what is agreed with them."),
    Entry(AGREED, "map", "map.commands:app", "Maps between X12 and documents."),
    Entry(AGREED, "xref", "partner.xref:app", "Partners' codes for items and locations, and ours."),
    Entry(AGREED, "plan", "partner.plan:plan", "What changed files would do to real documents, before they are in force."),
    Entry(WIRES, "connection", "wires.connection:app", "Places documents come from and go to."),
    Entry(WIRES, "mailbox", "wires.mailbox:app", "Our own SFTP server: host keys, passwords."),
    Entry(WIRES, "as2", "wires.as2:app", "AS2 messages and receipts."),
    Entry(WIRES, "certificate", "wires.certificate:app", "Certificates, ours and partners'."),
    Entry(WIRES, "vault", "wires.vault:app", "Secrets, encrypted at rest."),
    Entry(WIRES, "erp", "wires.erp:app", "ERPs that documents are posted to."),
    Entry(WIRES, "control-numbers", "wires.control_numbers:control_numbers", "Numbers given, and those that came, with gaps."),
    Entry(RUNNING, "serve", "running.serve:serve", "The whole gateway in one process, until it is told to stop."),
    Entry(RUNNING, "worker", "running.worker:worker", "An engine more, beside one that serves."),
    Entry(RUNNING, "schedule", "running.schedule:app", "What recurs: polling, watches, reports."),
    Entry(RUNNING, "user", "running.access:users", "People who may sign in to the console."),
    Entry(RUNNING, "key", "running.access:api_keys", "Keys of programs that call the API."),
    Entry(RUNNING, "backup", "running.backup:backup", "A copy of everything, while the gateway runs."),
    Entry(RUNNING, "restore", "running.backup:restore_app", "Back from a backup, and what to do about what went since."),
    Entry(RUNNING, "cutover", "running.backup:cutover_app", "Over from another system: open orders and numbers."),
    Entry(RUNNING, "retain", "running.retain:retain", "Remove bytes, documents and details whose time is over."),
    Entry(RUNNING, "audit", "running.audit:app", "What happened, and that nothing of it was changed since."),
)
