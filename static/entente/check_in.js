// The page at a door: reads badges with the camera, goes on without a line, and sends what it has kept when the line is
// back. Without this file the code is typed or the name looked for, and each answer is a page.

const page = document.body.dataset;
const told = JSON.parse(document.getElementById("told").textContent);
const typed = document.getElementById("typed");
const place = { direction: typed.elements.direction.value, session: typed.elements.session.value };
const LIST = `door:${page.scanner}:${place.session || "house"}`; // who may come in, as the server said last
const QUEUE = `door:${page.scanner}:queue`; // what the server has not heard yet
const LIVES = 12 * 3600 * 1000; // the server believes no scan with an older list

const read = (key, otherwise) => JSON.parse(localStorage.getItem(key) ?? "null") ?? otherwise;
const write = (key, value) => localStorage.setItem(key, JSON.stringify(value));

// -- What is shown ----------------------------------------------------------------------------------------------------

let shown = ""; // the nonce of the scan on the screen

function show(verdict) {
  const box = document.getElementById("verdict");
  box.className = `verdict verdict--${verdict.tone}`;
  box.hidden = false;
  box.querySelector(".verdict__title").textContent = verdict.title;
  box.querySelector(".verdict__name").textContent = verdict.name ?? "";
  box.scrollIntoView({ block: "nearest" });
  box.querySelector(".verdict__more").textContent = [verdict.organization, verdict.role, verdict.detail].filter(Boolean).join(" · ");
  navigator.vibrate?.(verdict.tone === "good" ? 80 : [80, 60, 80]);
}

// A guest who was noted without a line and has no seat after all: it stands there until the page is opened anew.
function tell(refused) {
  const row = Object.assign(document.createElement("li"), { textContent: `${refused.name}: ${refused.title}` });
  document.getElementById("refused").append(row);
}

function showLine(isThere) {
  const line = document.getElementById("line");
  line.dataset.on ??= line.textContent;
  line.textContent = isThere ? line.dataset.on : line.dataset.off;
  const waiting = read(QUEUE, []).length;
  document.getElementById("waits").textContent = waiting ? told.waits.replace("%(count)s", waiting) : "";
}

// -- Who may come in ---------------------------------------------------------------------------------------------------

async function hashed(code) {
  if (code.length === 64) return code;
  const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(code.toUpperCase().replace(/[\s-]/g, "")));
  return [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

// What this telephone can say by itself; the server's word replaces it as soon as it is there.
async function judged(code) {
  const list = read(LIST, null);
  if (!list) return null;
  if (Date.now() - Date.parse(list.given) > LIVES) return { tone: "bad", title: told.old };
  const badge = await hashed(code);
  const person = list.people.find((one) => one.badge === badge);
  if (!person) return { tone: "bad", title: told.outcomes.STRANGER };
  if (list.today < list.days[0] || list.today > list.days[1]) return { ...person, tone: "bad", title: told.outcomes.WRONG_DAY };
  const isOut = place.direction === "OUT";
  if (isOut && !person.inside) return { ...person, tone: "bad", title: told.outcomes.NOT_INSIDE };
  if (!isOut && person.inside) {
    const time = new Date(person.inside).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
    return { ...person, tone: "wait", title: told.outcomes.AGAIN, detail: told.since.replace("%(time)s", time) };
  }
  person.inside = isOut ? "" : new Date().toISOString();
  write(LIST, list);
  return { ...person, tone: "good", title: isOut ? told.outcomes.GOODBYE : told.outcomes.WELCOME };
}

async function take(code) {
  const nonce = crypto.randomUUID();
  const at = new Date().toISOString();
  const verdict = await judged(code);
  const signature = read(LIST, {}).signature ?? "";
  write(QUEUE, [...read(QUEUE, []), { code, nonce, at, signature, ...place }]);
  shown = nonce;
  if (verdict) show(verdict);
  await send();
}

// Somebody who was not registered: noted here, and registered once there is a line.
async function note(guest) {
  const nonce = crypto.randomUUID();
  const signature = read(LIST, {}).signature ?? "";
  write(QUEUE, [...read(QUEUE, []), { code: "", guest, nonce, at: new Date().toISOString(), signature, ...place, direction: "IN" }]);
  shown = nonce;
  show({ tone: "wait", title: told.noted, name: `${guest.given_name} ${guest.family_name}`.trim(), organization: guest.organization });
  await send();
}

// -- The line -----------------------------------------------------------------------------------------------------------

let isSending = false;

async function send() {
  const waiting = read(QUEUE, []);
  if (isSending || !waiting.length) return showLine(navigator.onLine);
  isSending = true;
  try {
    const manifest = waiting[0].signature; // scans of one list at a time
    const some = waiting.filter((one) => one.signature === manifest).slice(0, 200);
    const answer = await fetch(page.scans, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ manifest, scans: some }),
      signal: AbortSignal.timeout(8000),
    });
    if (!answer.ok) throw new Error(answer.status);
    const said = await answer.json();
    const done = new Set(said.answers.map((one) => one.nonce));
    write(QUEUE, read(QUEUE, []).filter((one) => !done.has(one.nonce)));
    for (const one of said.answers) if (one.outcome === "REFUSED" && one.nonce !== shown) tell(one);
    const current = said.answers.find((one) => one.nonce === shown);
    if (current) show(current);
    for (const [name, count] of Object.entries(said.counts)) document.getElementById(name).textContent = count;
    showLine(true);
  } catch {
    return showLine(false);
  } finally {
    isSending = false;
  }
  if (read(QUEUE, []).length) await send();
}

async function refresh() {
  try {
    const answer = await fetch(page.manifest + (place.session ? `?session=${place.session}` : ""));
    if (answer.status === 404) forget();
    if (!answer.ok) throw new Error(answer.status);
    if (!read(QUEUE, []).length) write(LIST, await answer.json());
    showLine(true);
  } catch {
    showLine(false);
  }
}

// The link was taken back, or the event is over: nobody's name stays on the telephone.
function forget() {
  for (const key of Object.keys(localStorage)) {
    if (key.startsWith(`door:${page.scanner}:`) && key !== QUEUE) localStorage.removeItem(key);
  }
  show({ tone: "bad", title: told.void });
}

// -- The hands ------------------------------------------------------------------------------------------------------------

typed.addEventListener("submit", async (event) => {
  event.preventDefault();
  await take(typed.elements.code.value);
  typed.elements.code.value = "";
  typed.elements.code.focus();
});

// By name: with a line the server looks, in any script; without one this telephone's list.
document.getElementById("search").addEventListener("submit", (event) => {
  if (navigator.onLine) return;
  event.preventDefault();
  const words = document.getElementById("q").value.toLowerCase().split(/\s+/).filter(Boolean);
  const people = read(LIST, { people: [] }).people.filter((one) => words.every((word) => one.name.toLowerCase().includes(word)));
  const rows = people.slice(0, 20).map((person) => {
    const row = document.createElement("li");
    const name = Object.assign(document.createElement("strong"), { textContent: person.name });
    const button = Object.assign(document.createElement("button"), { className: "button button--small", type: "button", textContent: told.let_in });
    button.addEventListener("click", () => take(person.badge));
    row.append(name, button);
    return row;
  });
  if (!rows.length) rows.push(Object.assign(document.createElement("li"), { textContent: told.nobody }));
  document.getElementById("found").replaceChildren(...rows);
});

document.getElementById("guest").addEventListener("submit", async (event) => {
  event.preventDefault();  // a line that is there may be none: nothing that was typed is lost
  const form = event.target;
  const guest = {};
  for (const [name, value] of new FormData(form)) if (name.startsWith("guest-")) guest[name.slice(6)] = value;
  await note(guest);
  if (!document.getElementById("verdict").classList.contains("verdict--bad")) form.reset();
});

const start = document.getElementById("start");
const video = document.getElementById("camera");
let stream = null;

start.addEventListener("click", async () => {
  start.dataset.start ??= start.textContent;
  if (stream) {
    stream.getTracks().forEach((track) => track.stop());
    stream = null;
  } else {
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment", width: { ideal: 1280 } } });
      video.srcObject = stream;
      await video.play();
      look((await import(page.decoder)).decodeQR);
    } catch {
      stream = null;
      show({ tone: "bad", title: told.no_camera });
    }
  }
  video.parentElement.hidden = !stream;
  start.textContent = stream ? start.dataset.stop : start.dataset.start;
});

// Five looks a second; the same badge held before the camera is taken once.
function look(decode) {
  const canvas = document.createElement("canvas");
  const brush = canvas.getContext("2d", { willReadFrequently: true });
  let last = { code: "", at: 0 };
  const glance = async () => {
    if (!stream) return;
    const scale = Math.min(1, 720 / (video.videoWidth || 720));
    canvas.width = Math.round(video.videoWidth * scale);
    canvas.height = Math.round(video.videoHeight * scale);
    if (canvas.width && canvas.height) {
      brush.drawImage(video, 0, 0, canvas.width, canvas.height);
      try {
        const code = decode(brush.getImageData(0, 0, canvas.width, canvas.height));
        if (code !== last.code || Date.now() - last.at > 4000) {
          last = { code, at: Date.now() };
          await take(code);
        }
        last.at = Date.now();
      } catch { /* nothing to be read in this picture */ }
    }
    setTimeout(glance, 200);
  };
  glance();
}

if (navigator.mediaDevices) start.parentElement.hidden = false;
navigator.serviceWorker?.register(page.worker);
window.addEventListener("online", async () => { await send(); await refresh(); });
window.addEventListener("offline", () => showLine(false));
setInterval(send, 15_000);
setInterval(refresh, 60_000);
await send();
await refresh();
