// Moves and scales a picture that scrolls. Without this script it scrolls all the same, and the list says what it shows.
const STEP = 1.25;
const MOST = 3;

for (const map of document.querySelectorAll("[data-pan-map]")) {
  const picture = map.querySelector("svg");
  const tools = map.parentElement.querySelector("[data-pan-tools]");
  const full = { width: picture.width.baseVal.value, height: picture.height.baseVal.value };
  let scale = 1;

  const whole = () => Math.min(map.clientWidth / full.width, window.innerHeight * 0.75 / full.height, 1);

  // Scale, and keep the point (x, y) of the frame where it is.
  function scaleTo(wanted, x = map.clientWidth / 2, y = map.clientHeight / 2) {
    const next = Math.min(MOST, Math.max(Math.min(whole(), 1), wanted));
    const left = (map.scrollLeft + x) / scale;
    const top = (map.scrollTop + y) / scale;
    scale = next;
    picture.setAttribute("width", full.width * scale);
    picture.setAttribute("height", full.height * scale);
    map.scrollTo(left * scale - x, top * scale - y);
  }

  const acts = {
    closer: () => scaleTo(scale * STEP),
    farther: () => scaleTo(scale / STEP),
    whole: () => scaleTo(whole()),
  };

  tools.hidden = false;
  tools.addEventListener("click", (event) => acts[event.target.dataset.pan]?.());
  map.addEventListener("keydown", (event) => {
    const act = { "+": "closer", "=": "closer", "-": "farther", "0": "whole" }[event.key];
    if (act && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      acts[act]();
    }
  });
  map.addEventListener("wheel", (event) => {
    if (event.ctrlKey) { // pinching on a touch pad comes so, too
      event.preventDefault();
      const box = map.getBoundingClientRect();
      scaleTo(scale * Math.exp(-event.deltaY / 200), event.clientX - box.left, event.clientY - box.top);
    }
  }, { passive: false });

  // Drag with a mouse or a pen; a finger scrolls by itself.
  let from = null;
  let moved = false;
  map.classList.add("movable");
  map.addEventListener("pointerdown", (event) => {
    if (event.button === 0 && event.pointerType !== "touch") {
      from = { x: event.clientX + map.scrollLeft, y: event.clientY + map.scrollTop, startX: event.clientX, startY: event.clientY };
      moved = false;
    }
  });
  window.addEventListener("pointermove", (event) => {
    if (!from) return;
    if (!moved && Math.hypot(event.clientX - from.startX, event.clientY - from.startY) > 4) {
      moved = true;
      map.classList.add("moving");
    }
    if (moved) map.scrollTo(from.x - event.clientX, from.y - event.clientY);
  });
  for (const end of ["pointerup", "pointercancel"]) {
    window.addEventListener(end, () => {
      from = null;
      map.classList.remove("moving");
    });
  }
  map.addEventListener("dragstart", (event) => event.preventDefault());
  map.addEventListener("click", (event) => {
    if (moved) event.preventDefault(); // a drag that ends on a link follows no link
    moved = false;
  }, true);

  if (whole() > 0.8) scaleTo(whole()); // a small picture begins whole

  // Begin with the record in focus, or the middle, in sight.
  const centre = picture.querySelector(".focused") ?? picture;
  const box = centre.getBoundingClientRect();
  const frame = map.getBoundingClientRect();
  map.scrollBy(
    box.left + box.width / 2 - frame.left - frame.width / 2,
    box.top + box.height / 2 - frame.top - frame.height / 2,
  );
}
