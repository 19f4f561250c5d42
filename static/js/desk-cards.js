// The card beside the text: opened for selected words, given more of them, kept while it is typed, saved. Nothing typed is lost: not by
// a closed tab, an ended login or a server that does not answer.
import { start as startChoices } from "./desk-choices.js";
import { addressOf, selectedWords } from "./desk-reading.js";

const reading = document.getElementById("reading");
const place = document.getElementById("card-place");
const keptAt = document.getElementById("kept-at");
const KEEP_AFTER = 3000; // milliseconds without a key

const card = () => place.querySelector("form.card");
const notice = () => place.querySelector(".card-notice");

const parts = new Highlight(); // of the open card, drawn in the text
CSS.highlights.set("desk-parts", parts);

// Keeping what is typed -------------------------------------------------------------------------------------------------------

let kept = ""; // the form as it was last kept, or opened
let waiting;

const typed = (form) => {
  const data = new URLSearchParams(new FormData(form));
  data.delete("csrfmiddlewaretoken");
  return data.toString();
};

async function keep(form = card()) {
  clearTimeout(waiting);
  if (!form?.isConnected || typed(form) === kept) return true;
  const now = typed(form);
  const answer = await send(reading.dataset.drafts, new FormData(form));
  if (!answer) return false;
  const { saved, error } = await answer.json();
  if (error) return say(error), false;
  kept = now;
  keptAt.textContent = `${keptAt.dataset.label} ${saved}`;
  return true;
}

// Sends a form; after an ended login once more with a new token, if its curator has signed in again by now.
async function send(address, data, again = true) {
  let answer;
  try {
    answer = await fetch(address, { method: "POST", body: data, headers: { "HX-Request": "true" } });
  } catch {
    return showTemplate("unreachable"), null;
  }
  if (!answer.redirected && (answer.ok || answer.status === 422)) return answer;
  if (again && (await renewToken())) {
    data.set("csrfmiddlewaretoken", card()?.elements.csrfmiddlewaretoken.value ?? token);
    return send(address, data, false);
  }
  return null;
}

let token = "";
async function renewToken() {
  try {
    const answer = await fetch(reading.dataset.token, { redirect: "manual" });
    if (answer.ok) {
      ({ token } = await answer.json());
      for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = token;
      return true;
    }
    showTemplate(answer.status >= 500 ? "unreachable" : "signed-out");
  } catch {
    showTemplate("unreachable");
  }
  return false;
}

function say(sentence) {
  const box = notice();
  if (box) box.textContent = sentence;
}

function showTemplate(name) {
  const nodes = document.getElementById(name).content.cloneNode(true);
  const box = notice();
  if (box) box.replaceChildren(...nodes.childNodes);
  else place.replaceChildren(...nodes.childNodes);
}

place.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(keep, KEEP_AFTER);
});
place.addEventListener("focusout", () => setTimeout(keep, 50));
document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && keepAtOnce());
addEventListener("pagehide", keepAtOnce);

function keepAtOnce() {
  const form = card();
  if (!form || typed(form) === kept) return;
  navigator.sendBeacon(reading.dataset.drafts, new FormData(form));
  kept = typed(form);
}

// htmx asks one thing at a time for each element, and of what waits only the last: every place of the page asks for itself (`source`).

// Opening ---------------------------------------------------------------------------------------------------------------------

// `words` are selected, or `address` is that of a card with its selections, as the list of proposals has it.
reading.addEventListener("make", async ({ detail: { kind, words, isProposal, address } }) => {
  const form = card();
  if (!address && (kind === "cite" || (form?.dataset.kind === kind && !isProposal))) {
    if (form) return addPart(form, words[0]);
    showTemplate("no-card");
    return document.querySelector("#made [data-cite]")?.focus();
  }
  if (form && !(await keep(form))) return;
  if (form) listKept();
  if (address) return htmx.ajax("GET", address, { source: place, target: place, swap: "innerHTML" });
  if (!globalThis.crypto?.subtle) {
    // A page that is not served by HTTPS cannot make digests: the words go in the body of a form.
    const values = { action: "open", csrfmiddlewaretoken: anyToken() };
    for (const name of ["start", "end", "quote"]) values[name] = words.map((part) => part[name]);
    return htmx.ajax("POST", reading.dataset.cards.replace("KIND", kind), { source: place, target: place, swap: "innerHTML", values });
  }
  htmx.ajax("GET", await addressOf(kind, words), { source: place, target: place, swap: "innerHTML" });
});

const anyToken = () => document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? token;

function addPart(form, words) {
  for (const old of form.querySelectorAll("[name^=new-]")) old.remove();
  for (const [name, value] of Object.entries(words)) {
    const field = document.createElement("input");
    field.type = "hidden";
    field.name = `new-${name}`;
    field.value = value;
    form.append(field);
  }
  form.querySelector("button[value=part]").click(); // htmx sends the button that was clicked
}

// A selected stretch for a record at the right.
document.getElementById("made").addEventListener("click", async (event) => {
  const button = event.target.closest("[data-cite]");
  const words = button && selectedWords();
  if (!button) return;
  if (!words) return showTemplate("no-words");
  const values = { ...words, record: button.dataset.cite, csrfmiddlewaretoken: anyToken() };
  const answer = card() && !(await keep()) ? null : true;
  if (!answer) return;
  htmx.ajax("POST", reading.dataset.cards.replace("KIND", "cite"), { source: place, target: place, swap: "innerHTML", values });
});

function arrived() {
  isSentAgain = false;
  const form = card();
  startChoices(place); // before a field is looked for: a box with its one choice is hidden
  kept = form ? typed(form) : "";
  if (form?.dataset.changed !== undefined) kept = "";
  drawParts(form);
  const wrong = place.querySelector(".card-errors, .wrong input:not([type=hidden]), .wrong textarea");
  const same = form?.querySelector("input[name=same]:checked");
  const inSight = (field) => !field.closest("details:not([open])");
  const boxes = [...(form?.querySelectorAll(".card-fields :is(textarea, input[type=text]:not([hidden]))") ?? [])].filter(inSight);
  const speaker = boxes.find((field) => field.closest("[data-name=speaker]") && !field.closest("details"));
  const text = boxes.find((field) => field.matches("textarea") && !field.value && !field.closest("details"));
  // Whoever has selected other words meanwhile goes on with them.
  if (document.getElementById("toolbar").hidden) (wrong ?? same ?? speaker ?? text ?? boxes[0])?.focus({ preventScroll: true });
  place.scrollIntoView({ block: "nearest" });
  if (form) return;
  if (place.querySelector(".card-saved")) reading.dispatchEvent(new Event("back"));
  listKept();
}

function drawParts(form) {
  parts.clear();
  reading.dispatchEvent(new CustomEvent("parts", { detail: { form, parts } }));
}

async function listKept() {
  const answer = await fetch(reading.dataset.drafts, { headers: { "HX-Request": "true" } });
  if (answer.ok && !answer.redirected) {
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const open = card()?.elements.key?.value;
    for (const item of page.querySelectorAll("[data-key]")) if (item.dataset.key === open) item.remove();
    const section = page.querySelector(".kept");
    document.getElementById("kept").replaceChildren(...(section?.querySelector("li") ? [section] : []));
  }
}

// Closing, throwing away, saving ----------------------------------------------------------------------------------------------

async function close() {
  const form = card();
  if (form && !(await keep(form))) return;
  place.replaceChildren();
  drawParts(null);
  listKept();
  reading.dispatchEvent(new Event("back"));
}

async function dismiss(key, kind) {
  clearTimeout(waiting);
  if (card()?.elements.key.value === key) kept = typed(card());
  const data = new FormData();
  for (const [name, value] of Object.entries({ key, kind, action: "dismiss", csrfmiddlewaretoken: anyToken() }))
    data.set(name, value);
  if (!(await send(reading.dataset.drafts, data))) return;
  if (card()?.elements.key.value === key) {
    kept = typed(card());
    await close();
  } else listKept();
}

place.addEventListener("click", (event) => {
  const missing = event.target.closest("[data-part]");
  if (missing) return addPart(card(), JSON.parse(missing.dataset.part));
  const { card: what } = event.target.closest("[data-card]")?.dataset ?? {};
  if (what === "close") close();
  if (what === "dismiss") dismiss(card().elements.key.value, card().dataset.kind);
});

document.getElementById("kept").addEventListener("click", async (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.dataset.dismiss) return dismiss(button.dataset.dismiss, button.dataset.kind);
  if (card() && !(await keep())) return;
  await htmx.ajax("GET", button.dataset.open, { source: place, target: place, swap: "innerHTML" });
  listKept();
});

// The list of what can be published takes the place of the card, which is kept.
document.getElementById("publish-button")?.addEventListener("click", async ({ target }) => {
  if (card() && !(await keep())) return;
  await htmx.ajax("GET", target.dataset.open, { source: place, target: place, swap: "innerHTML" });
  place.querySelector("[autofocus]")?.focus();
});

place.addEventListener("keydown", (event) => {
  const form = card();
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && form) {
    event.preventDefault();
    const wanted = event.shiftKey && form.querySelector("button[value=publish]");
    (wanted || form.querySelector("button[value=save]")).click();
  } else if (event.key === "Escape" && !event.defaultPrevented) {
    event.preventDefault();
    close();
  } else if (event.key === "Enter" && event.target.matches("input")) event.preventDefault();
});

place.addEventListener("htmx:afterSwap", arrived);

// What a card that was sent gets where it is no card: a page of sign-in, a refusal, nothing.
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const asked = new URL(detail.pathInfo.requestPath, location).pathname;
  if (new URL(detail.xhr.responseURL, location).pathname !== asked) {
    detail.shouldSwap = false;
    recover(detail);
  }
});
// htmx tells the element that asked what changed. If that is gone by now, such as a list that was renewed meanwhile, the page is told.
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (detail.requestConfig.elt.isConnected) return;
  for (const name of detail.xhr.getResponseHeader("HX-Trigger")?.split(",") ?? [])
    document.dispatchEvent(new CustomEvent(name.trim(), { bubbles: true }));
});
document.addEventListener("htmx:responseError", ({ detail }) => {
  if (detail.xhr.status === 403) recover(detail);
  else showTemplate("unreachable");
});
document.addEventListener("htmx:sendError", () => showTemplate("unreachable"));

// After signing in again in another tab the card is sent once more with a new token; if that is refused too, it is no matter of signing in.
let isSentAgain = false;
async function recover({ requestConfig }) {
  const form = card();
  const isCard = requestConfig.verb === "post" && requestConfig.elt === form;
  const isSecond = isCard && isSentAgain;
  if (isCard) isSentAgain = false;
  if (isSecond) return showTemplate("refused");
  if (!(await renewToken())) return;
  if (!isCard) return showTemplate("refused");
  isSentAgain = true;
  form.querySelector("button[value=save]").click(); // publishing is asked for once more by hand
}

// A speaker who was chosen by hand brings the role that this source gives them.
place.addEventListener("choice", async ({ target, detail }) => {
  const form = card();
  const role = form?.elements.role_at_time;
  if (detail.field !== "speaker" || !role) return;
  const speaker = target.querySelector("input[name=speaker]")?.value;
  if (!speaker || (role.value && role.value !== role.defaultValue && role.value !== role.dataset.proposed)) return;
  const address = new URL(reading.dataset.roles, location);
  address.searchParams.set("speaker", speaker);
  address.searchParams.set("paragraph", form.dataset.paragraph);
  const answer = await fetch(address);
  if (!answer.ok || answer.redirected) return;
  const proposed = await answer.json();
  role.value = role.dataset.proposed = proposed.role;
  role.parentElement.querySelector(".reason")?.remove();
  if (proposed.reason) {
    const reason = document.createElement("p");
    reason.className = "reason";
    reason.textContent = proposed.reason;
    role.after(reason);
  }
});

// A card that was not saved is shown again, the newest first.
document.querySelector("#kept [data-open]")?.click();
