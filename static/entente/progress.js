// Where work goes on in the background, its page looks every few seconds how far it is; once it is done the page is
// loaded anew, unless somebody is filling in a form there. Without this file a link looks again.
let isFilling = false;
document.addEventListener("input", () => { isFilling = true; });

for (const box of document.querySelectorAll("[data-progress]")) {
  const said = box.querySelector("[role=status]");
  const again = box.querySelector(".how-far__again");
  let pause = 2; // seconds; the longer it takes, the less often somebody is told
  again.hidden = true;

  async function look() {
    if (document.hidden) return true;
    const answer = await fetch(box.dataset.progress);
    if (!answer.ok || answer.redirected) return !answer.redirected; // to sign in anew is no answer
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector(".how-far");
    const words = fresh.querySelector("[role=status]");
    if (words.innerHTML !== said.innerHTML) said.replaceChildren(...words.childNodes);
    if (fresh.dataset.progress) return true;
    again.hidden = false;
    if (!isFilling && !document.activeElement.matches("input, select, textarea")) location.reload();
    return false;
  }

  async function goOn() {
    const isAtWork = await look().catch(() => true); // the server may be away for a moment
    pause = Math.min(pause * 1.2, 15);
    if (isAtWork) setTimeout(goOn, pause * 1000);
    else again.hidden = false;
  }

  setTimeout(goOn, pause * 1000);
}
