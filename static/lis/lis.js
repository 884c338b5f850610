// Enhancements. Every page works without them.

const own = document.querySelector("script[data-govuk-frontend]");
const { initAll } = await import(own.dataset.govukFrontend);
initAll();

// Progress of a background job: <div data-job-url="…"> holding a <progress>, an element [data-job-message] for
// the state in words and one [data-job-percent]. The address answers with JSON: {active, percent, state_label,
// message}. When the job has ended the page is loaded again, and the server decides what to show.

const FIRST_WAIT = 700;
const LONGEST_WAIT = 5000;

function showJob(element, job) {
  const bar = element.querySelector("progress");
  const percent = element.querySelector("[data-job-percent]");
  if (bar) {
    bar.value = job.percent;
  }
  if (percent) {
    percent.textContent = `${job.percent}%`;
  }
  tell(element, `${job.state_label}. ${job.message}`);
}

// Set the text that screen readers announce, but only when it says something new.
function tell(element, text) {
  const message = element.querySelector("[data-job-message]");
  if (message && message.textContent.trim() !== text.trim()) {
    message.textContent = text;
  }
}

function watchJob(element) {
  let wait = FIRST_WAIT;

  async function look() {
    try {
      const response = await fetch(element.dataset.jobUrl, {
        headers: { Accept: "application/json" },
        credentials: "same-origin",
      });
      if (response.redirected) {
        window.location.reload(); // signed out meanwhile: let the page ask for it
        return;
      }
      if (!response.ok) {
        throw new Error(`The server answered ${response.status}`);
      }
      const job = await response.json();
      if (!job.active) {
        window.location.reload();
        return;
      }
      showJob(element, job);
      wait = Math.min(wait * 1.15, LONGEST_WAIT);
    } catch (error) {
      // A restart of the server or a lost connection: say so, wait longer, and go on looking.
      tell(element, "Progress cannot be read just now. The work goes on; trying again.");
      wait = LONGEST_WAIT;
    }
    window.setTimeout(look, wait);
  }

  window.setTimeout(look, wait);
}

document.querySelectorAll("[data-job-url]").forEach(watchJob);

// Keeping what is typed: <form data-keep-draft="key">. Texts are kept in this browser until a page says that they
// were saved: it holds an element with data-draft-saved="key", which base.html writes for a message whose extra tags
// are "draft:key".

const PREFIX = "lis-draft:";
const KEEP_DAYS = 30;
const DAY = 24 * 60 * 60 * 1000;

function storage() {
  try {
    const box = window.localStorage;
    box.getItem(PREFIX);
    return box;
  } catch (error) {
    return null; // storage is switched off in this browser: the form works without it
  }
}

const box = storage();

function textFields(form) {
  return [...form.elements].filter(
    (field) => field.name && (field.tagName === "TEXTAREA" || (field.tagName === "INPUT" && field.type === "text"))
  );
}

function readDraft(key) {
  try {
    const draft = JSON.parse(box.getItem(PREFIX + key));
    return draft && Date.now() - draft.at < KEEP_DAYS * DAY ? draft : null;
  } catch (error) {
    box.removeItem(PREFIX + key); // not something written here
    return null;
  }
}

function offerDraft(form, key, draft, fields) {
  const notice = document.createElement("div");
  notice.className = "lis-draft";
  notice.setAttribute("role", "region");
  notice.setAttribute("aria-label", "Text kept in this browser");

  const text = document.createElement("p");
  text.className = "govuk-body";
  const when = new Date(draft.at).toLocaleString("en-GB", { dateStyle: "long", timeStyle: "short" });
  text.textContent = `This browser has text for this form that was not saved, from ${when}.`;

  const restore = document.createElement("button");
  restore.type = "button";
  restore.className = "govuk-button govuk-button--secondary";
  restore.textContent = "Restore the text";

  const discard = document.createElement("button");
  discard.type = "button";
  discard.className = "lis-link-button";
  discard.textContent = "Discard it";

  restore.addEventListener("click", () => {
    let first = null;
    for (const field of fields) {
      if (field.name in draft.values && field.value !== draft.values[field.name]) {
        field.value = draft.values[field.name];
        field.dispatchEvent(new Event("input", { bubbles: true }));
        field.dispatchEvent(new Event("keyup", { bubbles: true })); // the character count listens to this one
        first = first || field;
      }
    }
    notice.remove();
    (first || fields[0]).focus();
  });
  discard.addEventListener("click", () => {
    box.removeItem(PREFIX + key);
    notice.remove();
    fields[0].focus();
  });

  const buttons = document.createElement("div");
  buttons.className = "govuk-button-group";
  buttons.append(restore, discard);
  notice.append(text, buttons);
  form.prepend(notice);
}

function keepDraft(form) {
  const key = form.dataset.keepDraft;
  const fields = textFields(form);
  if (!box || !fields.length) {
    return;
  }
  const draft = readDraft(key);
  const differs = (field) => field.name in draft.values && field.value !== draft.values[field.name];
  if (draft && fields.some(differs)) {
    offerDraft(form, key, draft, fields);
  }
  let timer = 0;
  function keep() {
    const values = Object.fromEntries(fields.map((field) => [field.name, field.value]));
    try {
      box.setItem(PREFIX + key, JSON.stringify({ at: Date.now(), values }));
    } catch (error) {
      console.warn("The text could not be kept in this browser.", error);
    }
  }
  form.addEventListener("input", () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(keep, 400);
  });
  window.addEventListener("pagehide", () => {
    if (timer) {
      window.clearTimeout(timer);
      keep();
    }
  });
}

if (box) {
  document.querySelectorAll("[data-draft-saved]").forEach((element) => {
    box.removeItem(PREFIX + element.dataset.draftSaved);
  });
}
document.querySelectorAll("form[data-keep-draft]").forEach(keepDraft);

// On a narrow screen the strategy's navigation starts folded; without this script it stays open.
if (window.matchMedia("(max-width: 48.0525em)").matches) {
  for (const fold of document.querySelectorAll(".lis-sidenav__fold")) fold.open = false;
}

// Inserting a citation's mark: <button data-insert="[S3]" data-insert-into="id of a text field" hidden>. The mark
// takes the place of what is selected there. Without JavaScript people type what stands beside the button.

function offerInsert(button) {
  const field = document.getElementById(button.dataset.insertInto);
  if (!field) {
    return;
  }
  button.hidden = false;
  button.addEventListener("click", () => {
    field.focus();
    field.setRangeText(button.dataset.insert, field.selectionStart, field.selectionEnd, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
}

document.querySelectorAll("[data-insert]").forEach(offerInsert);
