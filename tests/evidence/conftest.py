"""What the tests of the evidence can ask for."""

from __future__ import annotations

import pytest

from tests.evidence.report_world import World, build_world


@pytest.fixture
def world(db, monkeypatch) -> World:
    """A LEP with an officer among twelve areas, with three structural indicators and two outcomes.

    Jobs are written but not sent: a test runs its job itself.
    """
    monkeypatch.setattr("lisapp.jobs.services.send", lambda job_id: None)
    return build_world()
