// What is marked as live is read anew every ten seconds while somebody looks at it. Without this file one loads the page.
const cells = (box) => [...box.querySelectorAll("td, th, [data-live-part]")];
const rows = (box) => [...box.querySelectorAll("tbody input[type=checkbox]")];
const keys = (box) => rows(box).map((tick) => tick.value).join();

// The same rows: only the cells that differ are put in, so that ticks and the focus stay where they are.
function mend(box, fresh) {
  const newer = cells(fresh);
  cells(box).forEach((cell, n) => {
    const is_same = cell.innerHTML === newer[n].innerHTML || cell.querySelector("input");
    if (is_same || cell.contains(document.activeElement)) return;
    cell.replaceChildren(...newer[n].childNodes);
    cell.classList.add("desk-fresh");
  });
}

function replace(box, fresh) {
  const ticked = rows(box).filter((tick) => tick.checked).map((tick) => tick.value);
  const focused = box.contains(document.activeElement) && document.activeElement.value;
  box.replaceChildren(...fresh.childNodes);
  for (const tick of rows(box)) {
    if (ticked.includes(tick.value)) tick.click();
    if (tick.value === focused) tick.focus();
  }
}

function renew(box, fresh) {
  const is_table = rows(box).length > 0;
  if (is_table && keys(box) === keys(fresh) && cells(box).length === cells(fresh).length) mend(box, fresh);
  else if (is_table ? keys(box) !== keys(fresh) : box.innerHTML !== fresh.innerHTML) replace(box, fresh);
}

setInterval(async () => {
  const boxes = [...document.querySelectorAll("[data-live]")]; // a list that was filtered since is another one
  if (document.hidden || !boxes.length) return;
  const answer = await fetch(location.href).catch(() => null); // the server may be away for a moment
  if (!answer?.ok || answer.redirected) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const box of boxes) {
    const fresh = page.getElementById(box.id);
    if (fresh) renew(box, fresh);
  }
}, 10_000);
