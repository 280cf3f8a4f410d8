// A contact file can be dropped onto the page. Without it one chooses the file by its button.
const form = document.querySelector("[data-import-drop]");

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
