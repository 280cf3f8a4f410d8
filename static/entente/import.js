// A contact file can be dropped onto the page, and the page shows how far an import is. Without it one chooses the file
// by its button, and loads the page again.
const form = document.querySelector("[data-import-drop]");
const waiting = document.querySelector("[data-import-progress]");

if (form) {
  const input = form.querySelector("input[type=file]");
  form.querySelector("[data-import-hint]").hidden = false;
  document.addEventListener("dragover", (event) => {
    event.preventDefault();
    form.classList.add("import-drop--over");
  });
  document.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) form.classList.remove("import-drop--over");
  });
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    form.classList.remove("import-drop--over");
    if (!event.dataTransfer.files.length) return;
    input.files = event.dataTransfer.files;
    form.requestSubmit();
  });
}

async function look() {
  const answer = await fetch(waiting.dataset.importProgress);
  if (!answer.ok) return;
  const { state, done, total } = await answer.json();
  if (state !== waiting.dataset.importState) return location.reload();
  const bar = waiting.querySelector("progress");
  bar.max = total;
  bar.value = done;
  waiting.querySelectorAll("b").forEach((number, place) => {
    number.textContent = [done, total][place].toLocaleString(document.documentElement.lang);
  });
}

if (waiting) setInterval(look, 1500);
