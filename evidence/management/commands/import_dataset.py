"""Import a file of figures."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from evidence.imports.mapping import SHAPES, BadMapping, Mapping
from evidence.imports.uploads import too_large
from evidence.selectors import datasets as selectors
from evidence.selectors.wording import count
from evidence.services import datasets

REFUSED = 2  # the exit code


class Command(BaseCommand):
    """Checks a CSV or XLSX file, and imports all of its figures or none."""

    help = "Import a CSV or XLSX file of figures: all of it, or with exit code 2 and the reasons nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--title", required=True, help="What lists call the dataset.")
        parser.add_argument("--source", required=True, help="Who published it, and what it is called there.")
        parser.add_argument("--url", default="", help="Where it can be found.")
        parser.add_argument("--licence", required=True)
        parser.add_argument("--vintage", required=True, help="Which edition, and when it was collected.")
        parser.add_argument("--shape", choices=list(SHAPES), default="", help="Found from the file unless given.")
        parser.add_argument("--mapping", type=Path, help="A JSON file that says how to read it.")
        parser.add_argument("--reason", default="", help="Why figures that stand already are superseded.")
        parser.add_argument("--dry-run", action="store_true", help="Only say what would be imported.")
        parser.add_argument("--json", action="store_true", help="Print what was found as JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        mapping = self._mapping(options)
        try:
            size = path.stat().st_size
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.", returncode=REFUSED) from error
        if size > selectors.limits().bytes:
            raise CommandError(f"Nothing was imported. {too_large(size, selectors.limits().bytes)}", returncode=REFUSED)
        try:
            if options["dry_run"]:
                found = self._examined(path, mapping, options["reason"])
            else:
                found = datasets.import_file(
                    path=path,
                    title=options["title"],
                    citation=options["source"],
                    url=options["url"],
                    licence=options["licence"],
                    vintage=options["vintage"],
                    mapping=mapping.as_json(),
                    reason=options["reason"],
                ).findings
        except datasets.Refused as refused:
            self._refuse(refused)
        except ValidationError as error:
            raise CommandError(f"Nothing was imported. {' '.join(error.messages)}", returncode=REFUSED) from error
        else:
            self._print(found, options)

    def _mapping(self, options: dict[str, Any]) -> Mapping:
        given: Any = {}
        try:
            if options["mapping"]:
                given = json.loads(options["mapping"].read_text(encoding="utf-8"))
            if options["shape"] and isinstance(given, dict):
                given["shape"] = options["shape"]
            return Mapping.of(given)
        except (OSError, ValueError, BadMapping) as error:
            raise CommandError(f"The mapping cannot be used: {error}", returncode=REFUSED) from error

    def _examined(self, path: Path, mapping: Mapping, reason: str) -> dict[str, Any]:
        examined = selectors.examine(path, path.name, mapping)
        datasets.refuse_unless_ready(examined)
        compared = selectors.compare(examined.checked.figures)
        if compared.superseding and not reason.strip():
            self.stderr.write(f"An import needs --reason: it would supersede {len(compared.superseding):,} figures.")
        return selectors.findings(examined, compared)

    def _refuse(self, refused: datasets.Refused) -> None:
        for row in refused.examined.checked.refused if refused.examined else []:
            sheet = f"sheet “{row.sheet}”, " if row.sheet else ""
            self.stderr.write(f"{sheet}row {row.row}, column {row.column}: {row.reason}")
        for measure in refused.examined.checked.unknown if refused.examined else []:
            self.stderr.write(f"no indicator for the measure “{measure}”")
        raise CommandError(f"Nothing was imported. {refused}", returncode=REFUSED) from refused

    def _print(self, found: dict[str, Any], options: dict[str, Any]) -> None:
        if options["json"]:
            self.stdout.write(json.dumps({"dry_run": options["dry_run"], **found}, indent=1, ensure_ascii=False))
            return
        counts = found["counts"]
        done = "Would import" if options["dry_run"] else "Imported"
        self.stdout.write(
            f"{done} {count(counts['new'] + counts['superseding'], 'figure')}: {counts['new']:,} new, "
            f"{counts['superseding']:,} superseding. {counts['same']:,} are stored already, "
            f"{counts['suppressed']:,} are suppressed, {counts['left_out']:,} are left out."
        )
        for note in found["notes"]:
            self.stdout.write(note)
