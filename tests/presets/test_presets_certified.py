"""The simulated partner certifies each preset: it orders, is answered, acknowledges and pays over the gateway's own mailbox."""

from __future__ import annotations

import pytest
from desk import ROOT, SAMPLES
from preset_scenes import SCENES, Scene
from typer.testing import CliRunner

from edi_gateway.cli.main import app


@pytest.mark.slow
@pytest.mark.parametrize("scene", SCENES, ids=str)
def test_the_report_is_a_pass(scene: Scene) -> None:
    sample = SAMPLES / scene.preset / scene.sample
    words = ["--partners", str(ROOT / "presets"), "--maps", str(ROOT / "maps"), "--samples", str(sample)]
    told = CliRunner().invoke(app, ["partner", "test", scene.preset, *words])
    assert told.exit_code == 0, told.output
    assert "PASSED" in told.output
