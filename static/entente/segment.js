// Counts the people who fit, while conditions are ticked. Without it the card shows the count after saving.
const shown = document.querySelector("[data-segment-count]");
const form = shown?.closest("form");
let asked = 0;

async function count() {
  const mine = ++asked;
  const answers = new URLSearchParams([...new FormData(form)].filter(([name]) => name.startsWith("answer_")));
  const response = await fetch(`${shown.dataset.segmentCount}?${answers}`);
  if (!response.ok || mine !== asked) return;
  shown.querySelector("strong").textContent = (await response.json()).count.toLocaleString(document.documentElement.lang);
}

// Whoever is chosen becomes a tick like the others, and the chooser is free for the next. Without it, one a saving.
function tick(several, input) {
  const name = several.dataset.several;
  if (!input.value) return;
  const title = several.querySelector("[data-chooser-title]").textContent.trim();
  const label = document.createElement("label");
  const box = Object.assign(document.createElement("input"), {type: "checkbox", name, value: input.value, checked: true});
  label.append(box, " ", Object.assign(document.createElement("bdi"), {textContent: title}));
  const line = document.createElement("div");
  line.append(label);
  if (!several.querySelector(`input[name="${name}"][value="${input.value}"]`)) several.firstElementChild.append(line);
  input.value = "";
  several.querySelector(".chooser").classList.add("blank");
}

for (const several of document.querySelectorAll("[data-several]")) {
  const input = several.querySelector(`input[name="more_${several.dataset.several}"]`);
  input.addEventListener("change", () => setTimeout(tick, 0, several, input)); // the chooser has its title by then
}

if (form) {
  form.addEventListener("change", count);
  count();
}
