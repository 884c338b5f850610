"""The component gallery in a real browser: accessible, usable by keyboard, on a small screen, without JavaScript."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route, expect

PAGES = ["", "?form=empty", "?form=filled", "?form=error", "?form=one", "?form=one&submitted=1", "?form=group"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()


def gallery(live_server: Any, query: str = "") -> str:
    return f"{live_server.url}/design/{query}"


@pytest.mark.parametrize("width", [1280, 375])
@pytest.mark.parametrize("query", PAGES)
def test_axe_finds_nothing_and_the_browser_reports_no_error(live_server, page, query, width):
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("response", lambda answer: problems.append(answer.url) if answer.status >= 400 else None)
    page.on("console", lambda entry: problems.append(entry.text) if entry.type in ("error", "warning") else None)
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(gallery(live_server, query))
    page.wait_for_selector("body.js-enabled.govuk-frontend-supported")
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()
    assert problems == []


@pytest.mark.parametrize("query", PAGES)
def test_nothing_overflows_a_screen_of_320_pixels(live_server, page, query):
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(gallery(live_server, query))
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_every_link_of_the_error_summary_moves_the_focus_to_its_control(live_server, page):
    page.goto(gallery(live_server, "?form=error"))
    page.wait_for_selector("body.govuk-frontend-supported")
    links = page.locator(".govuk-error-summary__list a")
    assert links.count() == 11
    for index in range(links.count()):
        link = links.nth(index)
        target = link.get_attribute("href").removeprefix("#")
        link.click()
        expect(page.locator(f"[id='{target}']")).to_be_focused()


def test_the_summary_takes_the_focus_when_the_page_opens(live_server, page):
    page.goto(gallery(live_server, "?form=error"))
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    assert page.title().startswith("Error: ")


def test_the_skip_link_leads_to_the_content(live_server, page):
    page.goto(gallery(live_server))
    page.wait_for_selector("body.govuk-frontend-supported")
    page.locator(".govuk-skip-link").focus()
    expect(page.locator(".govuk-skip-link")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#main-content")).to_be_focused()


def test_words_are_counted_while_typing(live_server, page):
    page.goto(gallery(live_server, "?form=empty"))
    area = page.get_by_label("Why is this needed?")
    area.press_sequentially("one two three")
    expect(page.get_by_text("You have 57 words remaining").first).to_be_visible()


def test_a_wide_drawing_can_be_scrolled_by_keyboard(live_server, page):
    page.set_viewport_size({"width": 600, "height": 800})
    page.goto(gallery(live_server))
    region = page.get_by_role("region", name="Drawing: Logic chain: skills")
    region.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("element => element.scrollLeft > 0", arg=region.element_handle())


def test_boxes_of_the_chain_can_be_reached_by_keyboard(live_server, page):
    page.goto(gallery(live_server))
    page.get_by_role("region", name="Drawing: Logic chain: skills").focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#e1"


def test_what_was_typed_is_offered_again_and_forgotten_once_saved(live_server, page):
    page.goto(gallery(live_server, "?form=group"))
    page.wait_for_selector("body.govuk-frontend-supported")
    message = page.get_by_label("Message")
    expect(page.get_by_role("region", name="Text kept in this browser")).to_have_count(0)
    message.fill("Half a thought")
    page.get_by_label("Full name").fill("Ann Example")
    page.wait_for_function("() => localStorage.getItem('lis-draft:gallery')?.includes('Ann Example')")

    page.reload()
    expect(message).to_have_value("")
    page.get_by_role("button", name="Restore the text").click()
    expect(message).to_have_value("Half a thought")
    expect(page.get_by_label("Full name")).to_be_focused()
    expect(page.get_by_text("You have 486 characters remaining").first).to_be_visible()

    def saved(route: Route) -> None:
        response = route.fetch()
        marker = '<main class="govuk-main-wrapper" id="main-content"><span hidden data-draft-saved="gallery"></span>'
        body = response.text().replace('<main class="govuk-main-wrapper" id="main-content">', marker)
        route.fulfill(response=response, body=body)

    page.route("**/design/", saved)
    page.goto(gallery(live_server))
    page.wait_for_function("() => localStorage.getItem('lis-draft:gallery') === null")


def test_a_kept_draft_can_be_discarded(live_server, page):
    page.goto(gallery(live_server, "?form=group"))
    page.get_by_label("Message").fill("Not this")
    page.wait_for_function("() => localStorage.getItem('lis-draft:gallery') !== null")
    page.reload()
    page.get_by_role("button", name="Discard it").click()
    expect(page.get_by_label("Message")).to_have_value("")
    assert page.evaluate("localStorage.getItem('lis-draft:gallery')") is None


JOB = """<div data-job-url="/a-job/"><p aria-live="polite" data-job-message>Waiting.</p>
<label for="bar">Progress</label><progress id="bar" max="100" value="0"></progress>
<span data-job-percent>0%</span></div>"""


def test_a_job_reports_its_progress_through_a_lost_connection_and_reloads_when_done(live_server, page):
    answers = [
        {"active": True, "percent": 40, "state_label": "Running", "message": "Choosing comparators"},
        None,
        {"active": False, "percent": 100, "state_label": "Finished", "message": ""},
    ]
    loads: list[int] = []

    def show(route: Route) -> None:
        loads.append(1)
        response = route.fetch()
        body = response.text().replace(
            "</main>", (JOB if len(loads) == 1 else "<p>The report is ready</p>") + "</main>"
        )
        route.fulfill(response=response, body=body)

    def answer(route: Route) -> None:
        job = answers.pop(0)
        if job is None:
            route.abort()
        else:
            route.fulfill(body=json.dumps(job), content_type="application/json")

    page.route("**/design/?form=one", show)
    page.route("**/a-job/", answer)
    page.goto(gallery(live_server, "?form=one"))
    expect(page.locator("[data-job-message]")).to_have_text("Running. Choosing comparators")
    expect(page.locator("progress")).to_have_js_property("value", 40)
    expect(page.locator("[data-job-percent]")).to_have_text("40%")
    expect(page.locator("[data-job-message]")).to_contain_text("trying again")
    expect(page.get_by_text("The report is ready")).to_be_visible(timeout=15_000)
    assert answers == []


def test_everything_is_there_without_javascript(live_server, browser):
    context = browser.new_context(java_script_enabled=False, viewport={"width": 375, "height": 800})
    page = context.new_page()
    page.goto(gallery(live_server))
    expect(page.get_by_role("navigation", name="Menu").get_by_role("link", name="Home")).to_be_visible()
    expect(page.get_by_role("button", name="Menu")).to_have_count(0)
    page.get_by_text("Figures as a table").first.click()
    expect(page.get_by_role("table").first).to_be_visible()
    page.goto(gallery(live_server, "?form=empty"))
    expect(page.get_by_text("You can enter up to 60 words")).to_be_visible()
    context.close()
