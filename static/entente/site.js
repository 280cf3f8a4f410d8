// Small comforts only: every page works without this file.

// "Copy address" buttons appear where copying is possible.
for (const button of document.querySelectorAll("button[data-copy]")) {
  const source = document.getElementById(button.dataset.copy);
  const label = button.textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    source.select();
    try {
      await navigator.clipboard.writeText(source.value);
    } catch {
      document.execCommand("copy");  // an insecure address has no clipboard
    }
    button.textContent = button.dataset.copied;
    setTimeout(() => { button.textContent = label; }, 2500);
  });
}

// Filters apply at once when chosen by pointer or touch. The arrow keys only browse the choices, so who uses the
// keyboard presses the button.
for (const form of document.querySelectorAll("form[data-autosubmit]")) {
  let byKeyboard = false;
  form.addEventListener("keydown", () => { byKeyboard = true; });
  form.addEventListener("pointerdown", () => { byKeyboard = false; });
  form.addEventListener("change", (event) => {
    if (event.target.matches("select") && !byKeyboard) form.requestSubmit();
  });
}
