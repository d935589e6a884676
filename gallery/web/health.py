"""For whoever watches over the house: /healthz (it lives), /readyz (it can serve), /metrics (figures for Prometheus).

Metrics are told to this machine alone unless the settings say otherwise; they name no visitor and no work. Requests are
counted by kind of address (`kind_of`), never by address. Format: https://prometheus.io/docs/instrumenting/exposition_formats
"""

from __future__ import annotations

import ipaddress
import logging
import re
import secrets
import time
from collections.abc import Iterator

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, PlainTextResponse, Response
from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gallery.journeys import House, wellbeing

_log = logging.getLogger(__name__)
_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_KINDS = (
    (re.compile(r"/(media|static)/"), "file"),
    (re.compile(r"/work/[^/]+$"), "work"),
    (re.compile(r"/work/[^/]+/"), "act"),
    (re.compile(r"/(zh|en)/gradio_api/(heartbeat|queue/data)"), "stream"),
    (re.compile(r"/(zh|en)/gradio_api/"), "studio"),
    (re.compile(r"/desk(/|$)"), "desk"),
    (re.compile(r"/(zh|en)(/|$)|/$|/wall/"), "page"),
    (re.compile(r"/(healthz|readyz|metrics)$"), "watch"),
)


def kind_of(path: str) -> str:
    """The kind of address that a path is.

    >>> kind_of("/work/12"), kind_of("/work/12/stars"), kind_of("/zh/paint"), kind_of("/duel")
    ('work', 'act', 'page', 'other')
    """
    return next((kind for pattern, kind in _KINDS if pattern.match(path)), "other")


def request_id(request: Request) -> str:
    """The number of this request, which the visitor sees when it fails and the log names."""
    return str(getattr(request.state, "request", "-"))


class Watch:
    """ASGI middleware that numbers and times every request; `registry` holds what /metrics tells."""

    def __init__(self, app: ASGIApp, registry: CollectorRegistry, house: House) -> None:
        self.app, self.house = app, house
        labels = ("kind", "method")
        self.seconds = Histogram(
            "shihua_request_seconds", "Time to the end of an answer", labels, buckets=_BUCKETS, registry=registry
        )
        self.answers = Counter("shihua_answers", "Answers by status", ("kind", "status"), registry=registry)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes everything on, and notes kind, status and time."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        kind, start, status = kind_of(scope["path"]), time.perf_counter(), "aborted"
        number = secrets.token_hex(4)
        scope["state"] = {**(scope.get("state") or {}), "request": number}

        async def note(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = str(message["status"])
                message = {**message, "headers": [*message.get("headers", []), (b"x-request-id", number.encode())]}
            await send(message)

        try:
            await self.app(scope, receive, note)
        finally:
            method = scope["method"] if scope["method"] in ("GET", "POST") else "other"
            took = time.perf_counter() - start
            self.seconds.labels(kind, method).observe(took)
            self.answers.labels(kind, status).inc()
            self.house.chronicle.note(kind, status, took, self.house.engine.status().waiting)
            if status in ("500", "aborted"):
                _log.error("request %s (%s %s) ended %s", number, method, kind, status)


class _Standing(Collector):
    """What the house itself knows, asked anew for every /metrics."""

    def __init__(self, house: House) -> None:
        self.house = house

    def describe(self) -> list[Metric]:
        """Nothing beforehand, so that registering it asks nothing."""
        return []

    def collect(self) -> Iterator[Metric]:
        """Gauges of readiness, works, drafts, engine and disk."""
        now = wellbeing.readiness(self.house)
        yield GaugeMetricFamily("shihua_ready", "1 if works can be shown, made and kept", int(now.ready))
        yield GaugeMetricFamily("shihua_disk_free_bytes", "Free on the disk of the home", now.free)
        yield GaugeMetricFamily("shihua_drafts", "Unsaved works in memory", now.drafts)
        yield GaugeMetricFamily("shihua_queue_waiting", "Works that wait for the engine", now.engine.waiting)
        yield GaugeMetricFamily("shihua_queue_running", "Works being made", now.engine.running)
        yield GaugeMetricFamily("shihua_worker_restarts", "Workers started again", now.engine.restarts)
        works = GaugeMetricFamily("shihua_works", "Works that can be seen", labels=("kind",))
        for kind, count in now.works.items():
            works.add_metric((kind,), count)
        yield works


def new_registry(house: House) -> CollectorRegistry:
    """A registry of this house's own: process, platform, and how the house stands."""
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    PlatformCollector(registry=registry)
    registry.register(_Standing(house))
    return registry


def add_health_routes(app: FastAPI, house: House, registry: CollectorRegistry) -> None:
    """The three addresses."""

    @app.get("/healthz")
    def health() -> Response:
        return JSONResponse({"ok": True})

    @app.get("/readyz")
    def ready() -> Response:
        now = wellbeing.readiness(house)
        told = {"ready": now.ready, "database": now.database, "disk": now.disk, "worker": now.worker}
        return JSONResponse(told, 200 if now.ready else 503)

    @app.get("/metrics")
    def metrics(request: Request) -> Response:
        if not (house.settings.open_metrics or is_near(request)):
            return PlainTextResponse("told to this machine alone; see SHIHUA_OPEN_METRICS", 403)
        return Response(generate_latest(registry), media_type="text/plain; version=0.0.4; charset=utf-8")


def is_near(request: Request) -> bool:
    """Whether the request comes from this machine, and through no proxy."""
    if request.client is None or "x-forwarded-for" in request.headers:
        return False
    try:
        return ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        return False
