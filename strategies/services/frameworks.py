"""Loading the frameworks: what a strategy must hold and be judged by, from the project's own file.

The file's wording is the authority until an administrator changes a row in the admin: such a row is kept, and the
report says so. A change of structure (another pillar, another section) is a new version of the framework, because
strategies already stand on the old one.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models, transaction
from jsonschema import Draft202012Validator

from lisapp.audit.models import LogEntry
from lisapp.audit.services import log
from strategies.models import CheckDefinition, Criterion, Framework, Pillar, Principle, SectionTemplate, Stage

REFERENCE = Path(__file__).resolve().parent.parent / "reference" / "frameworks.json"
SCHEMA = REFERENCE.with_name("frameworks.schema.json")


class BadFrameworks(Exception):
    """The file cannot be read as frameworks. The message says what is wrong."""


@dataclass
class FrameworksReport:
    """What a load did: rows created, updated, removed, unchanged, and kept because an administrator changed them."""

    created: int = 0
    updated: int = 0
    removed: int = 0
    unchanged: int = 0
    kept: list[str] = field(default_factory=list)

    @property
    def changed(self) -> int:
        """How many rows are different now."""
        return self.created + self.updated + self.removed


@transaction.atomic
def load_frameworks(*, path: Path = REFERENCE) -> FrameworksReport:
    """Bring the frameworks in line with the file. A second run changes nothing.

    The newest version of each framework in the file is offered for new strategies, older ones no longer. Raises
    BadFrameworks, and then nothing has been changed.
    """
    content = _read(path)
    loader = _Loader()
    try:
        for each in content["frameworks"]:
            loader.framework(each, content["pillars"], content["principles"])
    except (KeyError, TypeError, ValueError, ValidationError) as error:
        raise BadFrameworks(f"{path.name}: {type(error).__name__} {error}") from error
    loader.retire_old_versions()
    if loader.report.changed:
        log("strategies.frameworks.loaded", data={"created": loader.report.created, "updated": loader.report.updated})
    return loader.report


def _read(path: Path) -> dict[str, Any]:
    """Return the file's content. Raises BadFrameworks with every fault, each with the place where it stands."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BadFrameworks(f"{path}: {error}") from error
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    faults = [
        f"{' → '.join(map(str, fault.absolute_path)) or 'the file'}: {fault.message}"
        for fault in Draft202012Validator(schema).iter_errors(content)
    ]
    if not faults:
        faults = _repeated(content)
    if faults:
        raise BadFrameworks(f"{path.name}: " + "; ".join(sorted(faults)))
    return dict(content)


def _repeated(content: dict[str, Any]) -> list[str]:
    """Say which codes, numbers and keys stand twice: a schema cannot."""
    named = [("pillars", "code", content["pillars"]), ("principles", "number", content["principles"])]
    named += [(f"sections of {each['code']}", "key", each["sections"]) for each in content["frameworks"]]
    faults = []
    for where, key, items in named:
        values = [item[key] for item in items]
        faults += [f"{where}: {value!r} stands twice" for value in sorted({v for v in values if values.count(v) > 1})]
    return faults


class _Loader:
    def __init__(self) -> None:
        self.report = FrameworksReport()
        self.newest: dict[str, int] = {}
        models_by_type = ContentType.objects.get_for_models(Framework, Pillar, Principle, SectionTemplate)
        self.types = {model: type_.pk for model, type_ in models_by_type.items()}
        changed = LogEntry.objects.filter(target_type__in=self.types.values(), event__endswith=".changed")
        self.hand_changed = set(changed.values_list("target_type_id", "target_id"))

    def framework(self, data: dict[str, Any], pillars: list[dict[str, Any]], principles: list[dict[str, Any]]) -> None:
        scalars = {k: v for k, v in data.items() if not isinstance(v, list)}
        code, version = scalars.pop("code"), scalars.pop("version")
        framework = self.row(Framework, {"code": code, "version": version}, scalars)
        self.newest[code] = max(version, self.newest.get(code, 0))
        if not self.is_hand_changed(framework):
            self.numbered(Stage, "framework", framework, "name", data["stages"])
        by_code: dict[str, Pillar] = {}
        for order, pillar in enumerate(pillars, start=1):
            fields = {**pillar, "order": order}
            by_code[pillar["code"]] = self.row(Pillar, {"framework": framework, "code": fields.pop("code")}, fields)
        for principle in principles:
            self.principle(framework, principle)
        for order, section in enumerate(data["sections"], start=1):
            fields = {"required": True, **section, "order": order}
            fields["pillar"] = by_code[section["pillar"]] if "pillar" in section else None
            self.row(SectionTemplate, {"framework": framework, "key": fields.pop("key")}, fields)

    def principle(self, framework: Framework, data: dict[str, Any]) -> None:
        fields = {k: v for k, v in data.items() if k not in ("number", "criteria", "checks")}
        principle = self.row(Principle, {"framework": framework, "number": data["number"]}, fields)
        if self.is_hand_changed(principle):
            return
        self.numbered(Criterion, "principle", principle, "text", data["criteria"])
        for code, title in data["checks"].items():
            self.row(CheckDefinition, {"principle": principle, "code": code}, {"title": title})
        self.remove(principle.checks.exclude(code__in=data["checks"]))

    def numbered(self, model: type[Any], parent: str, of: models.Model, name: str, texts: Sequence[str]) -> None:
        """Rows that are known by their place in a list."""
        for order, text in enumerate(texts, start=1):
            self.row(model, {parent: of, "order": order}, {name: text})
        self.remove(model.objects.filter(**{parent: of}, order__gt=len(texts)))

    def row(self, model: type[Any], key: dict[str, Any], fields: dict[str, Any]) -> Any:
        """Create or update one row. One that an administrator changed stays as it is."""
        item = model.objects.filter(**key).first()
        if item is None:
            item = model(**key, **fields)
            item.full_clean()
            item.save()
            self.report.created += 1
            return item
        differs = [name for name, value in fields.items() if getattr(item, name) != value]
        if not differs:
            self.report.unchanged += 1
        elif self.is_hand_changed(item):
            self.report.kept.append(f"{model._meta.verbose_name} “{item}”: {', '.join(differs)}")
        else:
            for name in differs:
                setattr(item, name, fields[name])
            item.full_clean()
            item.save()
            self.report.updated += 1
        return item

    def is_hand_changed(self, item: models.Model) -> bool:
        return (self.types.get(type(item)), str(item.pk)) in self.hand_changed

    def remove(self, rows: models.QuerySet[Any]) -> None:
        self.report.removed += rows.delete()[0]

    def retire_old_versions(self) -> None:
        for code, version in self.newest.items():
            older = Framework.objects.filter(code=code, version__lt=version, is_current=True)
            self.report.updated += older.update(is_current=False)


def counted(report: FrameworksReport) -> Iterable[str]:
    """The report as lines for people."""
    yield (
        f"Frameworks: {report.created} rows created, {report.updated} updated, {report.removed} removed, "
        f"{report.unchanged} unchanged"
    )
    for text in report.kept:
        yield f"Kept, because it was changed in the admin: {text}"
