"""The built stylesheet and script: ours, small enough, and nothing in them that belongs to GOV.UK's identity."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.lisapp.test_design_charts import contrast

ROOT = Path(__file__).parents[2]
CSS = ROOT / "static/govuk/lis.css"
SCRIPT = ROOT / "static/govuk/govuk-frontend.min.js"
SETTINGS = ROOT / "lisapp/design/scss/_settings.scss"
PALETTE = ROOT / "lisapp/design/scss/_palette.scss"

if not CSS.exists() or not SCRIPT.exists():
    if os.environ.get("CI") == "true":
        pytest.fail("static/govuk is missing: run npm ci && npm run build", pytrace=False)
    pytest.skip("static/govuk is missing: run npm ci && npm run build", allow_module_level=True)


def test_no_crown_crest_or_government_typeface():
    for path in (CSS, SCRIPT):
        text = path.read_text(encoding="utf-8").lower()
        for word in ("transport", "crown", "crest", "@font-face"):
            assert word not in text, f"{word} in {path.name}"


def test_the_stylesheet_loads_nothing_from_elsewhere():
    assert not re.findall(r"url\((?!#|data:)|@import", CSS.read_text(encoding="utf-8"))


def test_the_script_points_at_no_source_map():
    assert "sourceMappingURL" not in SCRIPT.read_text(encoding="utf-8")


def test_the_lock_is_exact_and_holds_no_download_addresses():
    package = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in package["devDependencies"].values())
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert all("resolved" not in entry and entry["integrity"].startswith("sha512-") for entry in packages.values())


def test_a_build_changes_nothing_that_is_up_to_date():
    node = shutil.which("node")
    if node is None or not (ROOT / "node_modules/sass").exists():
        assert os.environ.get("CI") != "true", "CI needs node and node_modules"
        pytest.skip("node or node_modules is missing")
    subprocess.run([node, "lisapp/design/build.mjs"], cwd=ROOT, check=True, capture_output=True)
    before = CSS.stat().st_mtime_ns
    subprocess.run([node, str(ROOT / "lisapp/design/build.mjs")], cwd="/", check=True, capture_output=True)
    assert CSS.stat().st_mtime_ns == before


def colours(path: Path) -> dict[str, str]:
    return dict(re.findall(r'["$]([\w-]+)"?: (#[0-9a-f]{6})', path.read_text(encoding="utf-8")))


@pytest.mark.parametrize("name", ["brand", "text", "secondary-text", "link", "link-hover"])
def test_text_colours_have_enough_contrast_on_white_and_on_the_footer(name):
    functional = colours(SETTINGS)
    assert contrast(functional[name]) >= 4.5
    assert contrast(functional[name], functional["template-background"]) >= 4.5


@pytest.mark.parametrize(
    ("text", "ground"),
    [
        ("red", "red-tint"),
        ("amber", "amber-tint"),
        ("green", "green-tint"),
        ("slate", "mist"),
        ("slate", "teal-tint"),
        ("ink", "teal-tint"),
    ],
)
def test_state_colours_have_enough_contrast_on_their_tints(text, ground):
    palette = colours(PALETTE)
    assert contrast(palette[text], palette[ground]) >= 4.5


def test_the_edge_of_a_form_control_can_be_seen():
    assert contrast(colours(SETTINGS)["input-border"]) >= 3


def test_templates_hold_no_inline_style_and_no_script_without_a_nonce():
    for path in [*(ROOT / "templates/gds").rglob("*.html"), *(ROOT / "templates/components").rglob("*.html"),
                 ROOT / "templates/base.html"]:  # fmt: skip
        text = path.read_text(encoding="utf-8")
        assert " style=" not in text, path
        assert not re.findall(r"\son\w+=", text), path
        assert all("nonce=" in tag for tag in re.findall(r"<script[^>]*>", text)), path
