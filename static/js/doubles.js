// While a name is typed in a form of the admin, says below it which records are called nearly so. Needs an element with
// data-doubles (the address), data-kind and data-record (the key of the record, empty for a new one). Without this script the
// form says so once it is saved.
const WAIT = 250;

function watch(place) {
  const form = place.closest("form");
  const timers = new WeakMap();
  const isName = (field) => field.matches?.('input[name^="names-"][name$="-text"]');

  function ask(input) {
    clearTimeout(timers.get(input));
    timers.set(input, setTimeout(() => show(input), WAIT));
  }

  async function show(input) {
    const name = input.value.trim();
    if (name.length < 2) return lineOf(input).replaceChildren();
    const address = new URL(place.dataset.doubles, location);
    address.search = new URLSearchParams({ kind: place.dataset.kind, name, record: place.dataset.record });
    const response = await fetch(address, { headers: { "HX-Request": "true" } }).catch(() => null);
    if (!response?.ok || input.value.trim() !== name) return;
    draw(input, await response.text());
  }

  function draw(input, html) {
    const page = new DOMParser().parseFromString(html, "text/html");
    const line = lineOf(input);
    line.replaceChildren(...page.body.childNodes);
    line.hidden = !line.children.length;
    mark("doubles_shown", "1", true);
    for (const item of line.querySelectorAll("li")) {
      if (hidden("not_the_same", item.dataset.other)) press(item, true);
    }
  }

  function lineOf(input) {
    const id = `${input.id}-doubles`;
    let line = document.getElementById(id);
    if (!line) {
      line = document.createElement("div");
      line.id = id;
      line.className = "doubles";
      line.setAttribute("role", "status");
      input.after(line);
      input.setAttribute("aria-describedby", `${input.getAttribute("aria-describedby") ?? ""} ${id}`.trim());
    }
    line.hidden = true;
    return line;
  }

  // What was answered about a new record is sent with the form; the record has no key yet.
  const hidden = (name, value) => form.querySelector(`input[type=hidden][name="${name}"][value="${CSS.escape(value)}"]`);

  function mark(name, value, on) {
    const field = hidden(name, value);
    if (on && !field) {
      const added = Object.assign(document.createElement("input"), { type: "hidden", name, value });
      form.append(added);
    } else if (!on) {
      field?.remove();
    }
  }

  function press(item, on) {
    item.querySelector('[data-answer="different"]')?.setAttribute("aria-pressed", String(on));
  }

  form.addEventListener("input", (event) => isName(event.target) && ask(event.target));
  form.addEventListener("click", (event) => {
    const button = event.target.closest?.(".doubles [data-answer]");
    if (!button) return;
    const item = button.closest("li");
    if (button.dataset.answer === "later") {
      const list = item.parentElement;
      item.remove();
      if (!list.children.length) list.parentElement.hidden = true;
      return;
    }
    const on = button.getAttribute("aria-pressed") !== "true";
    mark("not_the_same", item.dataset.other, on);
    press(item, on);
  });
}

document.querySelectorAll("[data-doubles]").forEach(watch);
