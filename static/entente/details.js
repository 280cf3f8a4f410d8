// Questions of a registration form that do not apply are hidden. Without this file they are shown, with the words of when
// they apply; the server leaves out the answers to those that do not.
const rows = [...document.querySelectorAll("[data-only-if]")];

const said = (form, name) => [...form.elements]
  .filter((one) => one.name === name && (one.type !== "checkbox" || one.checked))
  .filter((one) => !one.closest("[data-only-if][hidden]"))
  .map((one) => one.value);

const settle = () => {
  for (const row of rows) {  // in the order of the form: what decides comes first
    row.hidden = !said(row.closest("form"), row.dataset.onlyIf).includes(row.dataset.wanted);
  }
};

if (rows.every((row) => row.closest("form"))) {  // a preview is no form: it shows all
  for (const form of new Set(rows.map((row) => row.closest("form")))) form.addEventListener("change", settle);
  settle();
}
