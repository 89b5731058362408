"""The dashboard and the alerts ask for figures that exist."""

import json
import re
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families

from sending.models import Gateway, LiveWorker, WorkerKind
from sending.tests.operations.rows import bind

DEPLOY = settings.BASE_DIR / "deploy"
OPERATIONS = settings.BASE_DIR / "docs" / "operations.md"
# Of Prometheus itself, and of figures that are there once something came or waits.
OF_OTHERS = {"instance", "quantile", "lane"}
# Only where there are tables of months: on PostgreSQL (sending/operations/metrics.py).
OF_PARTITIONS = {"smsconsole_partitions_ahead_seconds", "smsconsole_partition_strays"}


def alerts() -> list[dict[str, Any]]:
    text = (DEPLOY / "prometheus-alerts.yml").read_text(encoding="utf-8")
    return [rule for group in yaml.safe_load(text)["groups"] for rule in group["rules"]]


def panels() -> list[dict[str, Any]]:
    text = (DEPLOY / "grafana-dashboard.json").read_text(encoding="utf-8")
    found: list[dict[str, Any]] = json.loads(text)["panels"]
    return found


def asked_for() -> list[str]:
    own = [rule["expr"] for rule in alerts()]
    return own + [target["expr"] for panel in panels() for target in panel["targets"]]


@pytest.fixture
def scraped(db: None, client: Client, settings: Any) -> dict[str, set[str]]:
    """Return {name: its labels} of what a scrape gives; those that nobody knows yet have none."""
    gateway = Gateway.objects.create(name="carrier-a", host="127.0.0.1", system_id="x")
    bind(gateway)
    LiveWorker.beat(WorkerKind.WORK)
    settings.METRICS_TOKEN = "a-long-token"
    answer = client.get("/metrics", headers={"Authorization": "Bearer a-long-token"})
    families = text_string_to_metric_families(answer.content.decode())
    return {
        family.name: {name for sample in family.samples for name in sample.labels}
        for family in families
    }


def test_every_figure_that_is_asked_for_exists(scraped: dict[str, set[str]]) -> None:
    names = {name for expr in asked_for() for name in re.findall(r"\bsmsconsole_\w+", expr)}
    assert len(names) > 20
    assert names - scraped.keys() <= OF_PARTITIONS


def test_every_label_that_is_shown_exists(scraped: dict[str, set[str]]) -> None:
    given = set().union(*scraped.values()) | OF_OTHERS
    shown = {
        name
        for panel in panels()
        for target in panel["targets"]
        for name in re.findall(r"\{\{(\w+)\}\}", target["legendFormat"])
    }
    told = {
        name
        for rule in alerts()
        for name in re.findall(r"\$labels\.(\w+)", rule["annotations"]["summary"])
    }
    assert (shown | told) - given == set()


def test_every_figure_is_on_the_dashboard(scraped: dict[str, set[str]]) -> None:
    drawn = " ".join(target["expr"] for panel in panels() for target in panel["targets"])
    assert [name for name in sorted(scraped) if not re.search(rf"\b{name}\b", drawn)] == []


def test_every_alert_says_what_to_do_about_it() -> None:
    headings = re.findall(r"(?m)^## (.+)$", OPERATIONS.read_text(encoding="utf-8"))
    found = alerts()
    assert len({rule["alert"] for rule in found}) == len(found)
    for rule in found:
        assert rule["annotations"]["runbook"] in headings, rule["alert"]
        assert rule["labels"]["severity"] in {"page", "ticket"}
