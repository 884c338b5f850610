"""The house rules that a machine can check: who writes, who imports whom, what a page may carry."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps

ROOT = Path(__file__).resolve().parent.parent.parent
APPS = ("lisapp", "evidence", "strategies", "consultations")
CODE = [
    path
    for app in APPS
    for path in sorted((ROOT / app).rglob("*.py"))
    if "migrations" not in path.parts and "__pycache__" not in path.parts
]
#: Methods that change rows, on a manager, a queryset, a related manager or a model.
MANAGER_WRITES = {
    "aupdate_or_create",
    "bulk_create",
    "bulk_update",
    "create",
    "create_superuser",
    "create_user",
    "delete",
    "get_or_create",
    "update",
    "update_or_create",
}
#: Where rows may be changed: services, the models' own definitions, and one session entry that is not a row of ours.
WRITERS = ("/services/", "services.py", "/models.py", "/models/")
#: `save` there writes a picture, a Word file or a spreadsheet into memory.
FILES_IN_MEMORY = {
    "lisapp/documents/raster.py",
    "lisapp/documents/word_parts.py",
    "evidence/exports/report_workbook.py",
}


#: Those that nothing but a row or a query has, whatever they are called on.
UNMISTAKABLE = {"bulk_create", "bulk_update", "get_or_create", "update_or_create", "aupdate_or_create"}
#: Methods of a manager that leads from one row to many.
RELATED_WRITES = MANAGER_WRITES | {"add", "clear", "remove", "set"}
#: The names under which models lead to many rows, such as `places` or `objectives`.
TO_MANY = {
    relation.get_accessor_name() if relation.auto_created else relation.name
    for model in apps.get_models()
    if model.__module__.split(".")[0] in APPS
    for relation in model._meta.get_fields(include_hidden=False)
    if relation.one_to_many or relation.many_to_many
}


def is_a_query(node: ast.expr) -> bool:
    """Whether an expression reads as a queryset: it holds `.objects`, or one of its filtering methods."""
    reading = {"objects", "filter", "exclude", "all", "visible_to", "select_related", "select_for_update"}
    return any(isinstance(part, ast.Attribute) and part.attr in reading for part in ast.walk(node))


def leads_to_many(node: ast.expr) -> bool:
    """Whether an expression is a row's manager of related rows, such as `lep.places`."""
    return isinstance(node, ast.Attribute) and node.attr in TO_MANY


def writes(source: str) -> list[tuple[int, str]]:
    """Return the lines of `source` that change rows: `x.save()`, `x.delete()`, a query's create, update and the like,
    and a related manager's add, set, remove and clear."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        name, target = node.func.attr, node.func.value
        is_super = isinstance(target, ast.Call) and getattr(target.func, "id", "") == "super"
        bare_delete = name == "delete" and not node.args and not node.keywords
        if not is_super and (
            name == "save"
            or bare_delete
            or name in UNMISTAKABLE
            or (name in MANAGER_WRITES and is_a_query(target))
            or (name in RELATED_WRITES and leads_to_many(target))
        ):
            found.append((node.lineno, ast.unparse(node.func)))
    return found


def test_only_services_change_rows():
    culprits = [
        f"{path.relative_to(ROOT)}:{line}: {call}"
        for path in CODE
        if not any(part in f"/{path.relative_to(ROOT)}" for part in WRITERS)
        and str(path.relative_to(ROOT)) not in FILES_IN_MEMORY
        for line, call in writes(path.read_text(encoding="utf-8"))
    ]
    assert culprits == []


@pytest.mark.parametrize(
    "line",
    [
        "strategy.save()",
        "Strategy.objects.create(title='x')",
        "Strategy.objects.filter(pk=1).update(title='x')",
        "strategy.sections.all().delete()",
        "Section.objects.bulk_create([])",
        "manager.get_or_create(title='x')",
        "strategy.delete()",
        "lep.places.add(place)",
        "lep.places.set([])",
        "lep.memberships.create(user=user)",
    ],
)
def test_a_write_outside_services_would_be_found(line):
    assert writes(line)


@pytest.mark.parametrize(
    "line",
    [
        "seen.add(1)",
        "values.update({})",
        "list(Strategy.objects.all())",
        "super().save()",
        "super().delete()",
        "cache.delete(key)",
        "lep.places.all()",
    ],
)
def test_what_only_looks_like_a_write_is_left_alone(line):
    assert not writes(line)


def test_apps_depend_one_way_and_domain_code_is_pure():
    done = subprocess.run(
        [Path(sys.executable).parent / "lint-imports"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-3000:]


def test_no_file_of_code_has_grown_past_five_hundred_lines():
    long = {
        str(path.relative_to(ROOT)): count
        for path in CODE
        if (count := len(path.read_text(encoding="utf-8").splitlines())) > 500
    }
    assert long == {}


def test_every_management_command_says_what_it_does():
    for path in (path for path in CODE if path.parent.name == "commands" and path.name != "__init__.py"):
        assert re.search(r"^\s+help = ", path.read_text(encoding="utf-8"), re.MULTILINE), path


def test_no_template_carries_a_script_or_a_style_that_the_security_policy_would_refuse():
    wrong = []
    for path in sorted((ROOT / "templates").rglob("*.html")):
        text = path.read_text(encoding="utf-8")
        if "documents" in path.relative_to(ROOT).parts[1:2]:
            continue  # for paper: never sent to a browser
        for tag in re.findall(r"<(?:script|style)\b[^>]*>", text):
            if "nonce=" not in tag and 'type="application/json"' not in tag and "src=" not in tag:
                wrong.append(f"{path.relative_to(ROOT)}: {tag}")
        if re.search(r"<[a-z][^>]*\sstyle=", text):
            wrong.append(f"{path.relative_to(ROOT)}: a style attribute")
        if re.search(r"<[a-z][^>]*\son[a-z]+=", text):
            wrong.append(f"{path.relative_to(ROOT)}: an event handler")
    assert wrong == []


def test_a_process_that_starts_imports_nothing_slow_that_few_requests_need():
    source = (
        "import django, sys; django.setup(); import lisapp.urls;"
        "print(sorted({'docx', 'lxml', 'openpyxl', 'scipy', 'sklearn', 'weasyprint'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", source], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.stdout.strip() == "[]", done.stderr[-2000:]
