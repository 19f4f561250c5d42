// Keeps what is typed into a form of the admin on the server. Needs an element with data-form-drafts (the address) and
// data-form-path (that of the form). The form's field draft_key keeps every opened page apart: nothing takes another's place.
const KEEP_AFTER = 2000;
const LONGEST_WAIT = 3000; // for the server to keep something, before the form is sent all the same; or data-longest-wait

function watch(place) {
  const form = place.closest("form") ?? document.querySelector("#content-main form");
  const status = place.querySelector("[data-form-kept]");
  let waiting;
  let leaving = false;
  let kept = typed();
  const onTheWay = new Set(); // to the server, which has not answered yet

  function dataOf() {
    const data = new FormData(form);
    for (const [name, value] of [...data]) {
      if (value instanceof File) data.delete(name);
    }
    for (const secret of form.querySelectorAll("[type=password], [autocomplete=one-time-code]")) data.delete(secret.name);
    data.set("draft_path", place.dataset.formPath);
    return data;
  }

  function typed() {
    const data = dataOf();
    data.delete("csrfmiddlewaretoken");
    return new URLSearchParams(data).toString();
  }

  function keep() {
    clearTimeout(waiting);
    if (leaving || typed() === kept) return;
    const sent = send().finally(() => onTheWay.delete(sent));
    onTheWay.add(sent);
  }

  async function send() {
    const now = typed();
    const answer = await fetch(place.dataset.formDrafts, { method: "POST", body: dataOf() }).catch(() => null);
    if (!answer?.ok || answer.redirected) {
      status.textContent = status.dataset.failed;
      return;
    }
    kept = now;
    status.textContent = `${status.dataset.label} ${(await answer.json()).saved}`;
  }

  function keepAtOnce() {
    if (leaving || typed() === kept) return;
    if (navigator.sendBeacon(place.dataset.formDrafts, dataOf())) kept = typed();
    else keep(); // a beacon carries 64 KB
  }

  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(keep, KEEP_AFTER);
  });
  form.addEventListener("change", keep);
  // What is sent is saved, or shown again: nothing is to be kept after it.
  form.addEventListener("submit", (event) => {
    leaving = true;
    clearTimeout(waiting);
    if (!onTheWay.size) return;
    event.preventDefault(); // else what is on its way may arrive after the form is saved, and be offered as if it were not
    const answered = Promise.allSettled([...onTheWay]);
    const wait = new Promise((enough) => setTimeout(enough, Number(place.dataset.longestWait ?? LONGEST_WAIT)));
    Promise.race([answered, wait]).then(() => {
      onTheWay.clear();
      form.requestSubmit(event.submitter);
    });
  });
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && keepAtOnce());
  addEventListener("pagehide", keepAtOnce);
}

for (const place of document.querySelectorAll("[data-form-drafts]")) watch(place);
