// Copying: every place that offers it is hidden until this script gives it its button; without script a reader marks the text.
// A place says in data-text what is copied, in data-label what the button is called, in data-done and data-failed what became of it.

// Without a secure address a browser has no clipboard for scripts; it still copies what is selected.
function copySelected(text) {
  const box = document.createElement("textarea");
  box.value = text;
  box.readOnly = true;
  box.className = "visually-hidden";
  document.body.append(box);
  box.select();
  const done = document.execCommand("copy");
  box.remove();
  if (!done) throw new Error("not copied");
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    copySelected(text);
  }
}

for (const place of document.querySelectorAll(".copy[data-text]")) {
  const button = document.createElement("button");
  const status = document.createElement("span");
  button.type = "button";
  button.textContent = place.dataset.label;
  status.setAttribute("role", "status");
  button.addEventListener("click", async () => {
    status.textContent = ""; // so that the same words are announced again
    let words = place.dataset.done;
    try {
      await copy(place.dataset.text);
    } catch {
      words = place.dataset.failed;
    }
    button.focus();
    setTimeout(() => (status.textContent = words), 50);
  });
  place.append(button, status);
  place.hidden = false;
}
