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

if (form) {
  form.addEventListener("change", count);
  count();
}
