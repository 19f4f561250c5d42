// Taking an article in: a file that is dropped or chosen, and a text that is pasted anywhere on the page, are sent at once. Without
// script the form is sent by its button.

const form = document.getElementById("new-article");

function send() {
  form.querySelector(".new-article-wait").hidden = false;
  form.requestSubmit();
}

if (form) {
  const file = form.elements.file;
  const text = form.elements.text;
  form.classList.add("with-script");
  file.addEventListener("change", () => file.files.length && send());
  form.querySelector("details").addEventListener("toggle", ({ target }) => target.open && text.focus());
  for (const name of ["dragenter", "dragover", "dragleave", "drop"]) {
    form.addEventListener(name, (event) => {
      event.preventDefault();
      form.classList.toggle("dragged-over", name === "dragenter" || name === "dragover");
    });
  }
  form.addEventListener("drop", ({ dataTransfer }) => {
    const words = dataTransfer.getData("text/plain");
    if (dataTransfer.files.length) {
      file.files = dataTransfer.files;
      send();
    } else if (words) {
      text.value = words;
      send();
    }
  });
  // Into a field somebody pastes what belongs there; into the box for the text, what may still be looked at.
  document.addEventListener("paste", (event) => {
    if (event.target.closest?.("input, textarea, select, [contenteditable]")) {
      return;
    }
    const words = event.clipboardData.getData("text/plain");
    if (event.clipboardData.files.length) {
      file.files = event.clipboardData.files;
      send();
    } else if (words.trim()) {
      text.value = words;
      send();
    }
  });
  // A page that is shown again by the back button waits for nothing.
  addEventListener("pageshow", () => (form.querySelector(".new-article-wait").hidden = true));
}

// The cut of a text is corrected without leaving the page. If the login has ended, the form is sent as a page of its own: the page of
// sign-in keeps it, and shows it again. What is only kept in between waits for the next step.
const isCut = (target) => target.closest?.("#cut") !== null;
document.addEventListener("htmx:responseError", ({ target, detail }) => {
  if (!isCut(target) || detail.xhr.status !== 403) return;
  const step = detail.requestConfig.formData.get("do");
  if (step === "autosave") return;
  const cut = document.getElementById("cut");
  const field = document.createElement("input");
  Object.assign(field, { type: "hidden", name: "do", value: step });
  cut.append(field);
  cut.submit();
});
const unreachable = (isShown) => document.getElementById("cut-unreachable")?.toggleAttribute("hidden", !isShown);
document.addEventListener("htmx:sendError", () => unreachable(true));
document.addEventListener("htmx:afterOnLoad", () => unreachable(false));
