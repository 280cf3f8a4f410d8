// The board of an event: what it knows, how that is drawn, and how it asks the server, who decides. What is moved is
// shown at once and goes back where the server says no. The hands, of the pointer and of the keyboard, are in
// board_hands.js. Without these files the page lists the sessions, each with a form that moves it.
const entente_board = (() => {
  const root = document.getElementById("board");
  if (!root) return null;
  const known = JSON.parse(document.getElementById("board-data").textContent);
  const part = (name) => document.getElementById(`board-${name}`);
  const HOUR = 3600, SNAP = 300, POLL = 5000, NAMES = 180;
  const clock = new Intl.DateTimeFormat("en-GB", { timeZone: known.zone, hour: "2-digit", minute: "2-digit" });
  const state = { day: 0, chosen: null, lifted: null, busy: 0, minute: 3, track: "", person: "", past: [], future: [] };
  const buttons = new Map(), looks = new Map(); // card -> its button, kept while it is drawn anew, and how it looks
  let cards, troubles; // by their keys
  let line = Promise.resolve(); // one request after the other

  // -- words

  const word = (name, values = {}) => known.words[name].replace(/%\((\w+)\)s/g, (_all, key) => values[key]);
  const say = (text) => (part("said").textContent = text);
  const time = (seconds) => clock.format(seconds * 1000);
  const hours = ([start, end]) => `${time(start)}–${time(end)}`;
  const roomName = (key) => known.rooms.find((room) => room.id === key)?.name ?? word("everywhere");

  function where(at) {
    if (at[3]) return word("waits");
    const day = known.days.length > 1 ? `${dayOf(at)?.name ?? ""} ` : "";
    return word("at", { when: day + hours(at), room: roomName(at[2]) });
  }

  // -- what is known

  const dayOf = (at) => known.days.find((day) => day.begins <= at[0] && at[0] < day.ends);
  const spot = (card) => (state.lifted?.id === card.id ? state.lifted.at : card.at);
  const today = () => known.days[state.day];
  const troublesOf = (card) => troubles.get(card.id) ?? [];

  function learn(news) {
    for (const name of ["days", "rooms", "tracks", "people", "conflicts"]) if (news[name]) known[name] = news[name];
    if (news.days) looks.clear();
    if (news.days) cards = new Map(news.cards.map((card) => [card.id, card]));
    else for (const card of news.cards ?? []) cards.set(card.id, card);
    for (const id of news.gone ?? []) cards.delete(id);
    for (const id of (news.keys ?? []).filter((key) => !news.cards?.some((card) => card.id === key))) cards.delete(id);
    state.day = Math.min(state.day, known.days.length - 1);
    troubles = new Map();
    for (const one of known.conflicts) {
      for (const id of one.cards) troubles.set(id, [...(troubles.get(id) ?? []), one]);
    }
  }

  function fits(card) {
    const isOfTrack = !state.track || String(card.track) === state.track;
    return isOfTrack && (!state.person || card.people.includes(Number(state.person)));
  }

  // -- how it is drawn

  function make(tag, className, text = "") {
    const made = document.createElement(tag);
    made.className = className;
    made.textContent = text;
    return made;
  }

  function button(card) {
    const found = buttons.get(card.id);
    if (found) return found;
    const made = make("button", "board-card");
    made.type = "button";
    made.dataset.card = card.id;
    made.append(make("strong", "board-card__title"), make("span", "board-card__when"), make("span", "w-sr-only"));
    buttons.set(card.id, made);
    return made;
  }

  function dress(card) {
    const made = button(card), at = spot(card), found = troublesOf(card);
    const isLifted = state.lifted?.id === card.id, isChosen = state.chosen === card.id, isShown = fits(card);
    made.tabIndex = -1;
    const look = JSON.stringify([card, at, found.length, found.some((one) => one.blocks), isLifted, isChosen, isShown]);
    if (looks.get(card.id) === look) return made; // most are as they were
    looks.set(card.id, look);
    const [title, when, more] = made.children;
    const track = known.tracks.find((one) => one.id === card.track);
    title.textContent = card.title;
    when.textContent = (found.length ? "⚠ " : "") + (at[3] ? `${Math.round((at[1] - at[0]) / 60)}′` : hours(at));
    const facts = [at[3] ? word("waits") : roomName(at[2]), card.kind, track?.name];
    if (card.is_restricted) facts.push(word("restricted"));
    if (card.is_dropped) facts.push(word("dropped"));
    if (found.length) facts.push(word("conflicts", { count: found.length }));
    more.textContent = ` ${facts.filter(Boolean).join(", ")}`;
    made.title = `${card.title} · ${hours(at)}`;
    made.style.setProperty("--track", track?.color ?? "var(--w-color-border-field-default)");
    const marks = {
      dropped: card.is_dropped, restricted: card.is_restricted, warns: found.length, all: card.is_for_all,
      blocks: found.some((one) => one.blocks), lifted: isLifted, chosen: isChosen,
    };
    for (const [mark, is] of Object.entries(marks)) made.classList.toggle(`board-card--${mark}`, Boolean(is));
    made.setAttribute("aria-pressed", isLifted);
    made.inert = !isShown;
    return made;
  }

  // From when until when the day is drawn: its sessions with an hour around them, and what else there is room for.
  function span(there) {
    const day = today(), starts = there.map((card) => spot(card)[0]), ends = there.map((card) => spot(card)[1]);
    const first = there.length ? Math.min(...starts) - HOUR : day.begins;
    const last = there.length ? Math.max(...ends) + HOUR : day.begins + 10 * HOUR;
    const whole = (seconds, round) => day.begins + round((seconds - day.begins) / HOUR) * HOUR;
    const from = Math.max(day.begins, whole(first, Math.floor));
    const room = ((part("grid").clientWidth - NAMES) / state.minute) * 60;
    return [from, Math.min(day.ends, Math.max(whole(last, Math.ceil), whole(from + room, Math.floor)))];
  }

  // Puts what overlaps side by side; returns how many lie beside each other.
  function lay(there, from) {
    const ends = [];
    for (const card of there) {
      const [start, end] = spot(card), made = dress(card);
      let lane = ends.findIndex((until) => until <= start);
      if (lane < 0) lane = ends.length;
      ends[lane] = end;
      made.style.setProperty("--from", (start - from) / 60);
      made.style.setProperty("--for", (end - start) / 60);
      made.style.setProperty("--lane", lane);
    }
    return Math.max(1, ends.length);
  }

  function stripe(className, start, end, from) {
    const made = make("div", className);
    made.style.setProperty("--from", (start - from) / 60);
    made.style.setProperty("--for", (end - start) / 60);
    return made;
  }

  function row(room, there, from, until) {
    const made = make("div", "board-row"), lane = make("div", "board-lane"), head = make("div", "board-room", room.name);
    const size = room.size ? word("seats", { count: room.size }) : "";
    head.append(make("span", "board-room__more", [size, ...room.booths].filter(Boolean).join(" · ")));
    made.setAttribute("role", "group");
    made.setAttribute("aria-label", room.name);
    lane.dataset.room = room.id ?? "";
    lane.style.setProperty("--lanes", lay(there, from));
    for (const [start, end] of room.closed) {
      if (start < until && end > from) {
        const gap = stripe("board-closed", Math.max(start, from), Math.min(end, until), from);
        gap.title = word("closed");
        lane.append(gap);
      }
    }
    lane.append(...there.map(button));
    made.append(head, lane);
    return made;
  }

  function scale(from, until) {
    const made = make("div", "board-hours"), lane = make("div", "board-hours__lane");
    made.setAttribute("aria-hidden", "true");
    for (let at = from; at < until; at += HOUR) {
      const hour = stripe("board-hour", at, at + HOUR, from);
      hour.textContent = time(at);
      lane.append(hour);
    }
    made.append(make("div", "board-room"), lane);
    return made;
  }

  // What is for all, behind the other rooms.
  function bands(there, from) {
    const made = make("div", "board-bands");
    made.setAttribute("aria-hidden", "true");
    const forAll = there.filter((card) => !card.is_dropped && (card.is_for_all || spot(card)[2] === null));
    made.append(...forAll.map((card) => stripe("board-band", ...spot(card).slice(0, 2), from)));
    return made;
  }

  function draw() {
    const focused = document.activeElement?.dataset?.card;
    const day = today(), all = [...cards.values()];
    const byTime = (one, other) => spot(one)[0] - spot(other)[0] || spot(one)[1] - spot(other)[1] || one.id - other.id;
    const there = all.filter((card) => !spot(card)[3] && day.begins <= spot(card)[0] && spot(card)[0] < day.ends);
    const [from, until] = span(there.sort(byTime));
    const rooms = [{ id: null, name: word("everywhere"), booths: [], closed: [] }, ...known.rooms];
    const inRoom = new Map(rooms.map((room) => [room.id, []]));
    for (const card of there) (inRoom.get(spot(card)[2]) ?? inRoom.get(null)).push(card);
    const grid = part("grid");
    grid.dataset.from = from;
    grid.style.setProperty("--span", (until - from) / 60);
    grid.style.setProperty("--minute", `${state.minute}px`);
    const rows = rooms.map((room) => row(room, inRoom.get(room.id), from, until));
    grid.replaceChildren(scale(from, until), bands(there, from), ...rows);
    const waiting = all.filter((card) => spot(card)[3]).sort((one, other) => one.title.localeCompare(other.title));
    part("pile").replaceChildren(...waiting.map(dress));
    part("empty").textContent = there.length ? "" : word("empty_day");
    part("no-pile").textContent = waiting.length ? "" : word("empty_pile");
    drawBar();
    drawChosen();
    if (focused) buttons.get(Number(focused))?.focus({ preventScroll: true });
  }

  function drawBar() {
    part("days").replaceChildren(
      ...known.days.map((day, number) => {
        const made = make("button", "button button-small" + (number === state.day ? "" : " button-secondary"), day.name);
        made.type = "button";
        made.dataset.day = number;
        made.setAttribute("aria-pressed", number === state.day);
        return made;
      }),
    );
    const count = known.conflicts.length;
    part("conflict").textContent = count ? word("conflicts", { count }) : word("no_conflict");
    part("conflict").disabled = !count;
    part("undo").disabled = !state.past.length;
    part("redo").disabled = !state.future.length;
  }

  // The chosen one can be reached by the tabulator, or else the first; the bar says all about it.
  function drawChosen() {
    const card = cards.get(state.chosen);
    const shown = [...root.querySelectorAll(".board-card:not([inert])")];
    const reached = (card && shown.find((one) => Number(one.dataset.card) === card.id)) ?? shown[0];
    if (reached) reached.tabIndex = 0;
    part("chosen").hidden = !card;
    if (!card) return;
    part("title").textContent = card.title;
    part("title").href = known.urls.edit.replace("/0/", `/${card.id}/`);
    const names = card.people.map((id) => known.people.find(([key]) => key === id)?.[1]);
    const track = known.tracks.find((one) => one.id === card.track)?.name;
    const facts = [where(spot(card)), card.kind, track, ...card.languages, card.is_restricted && word("restricted")];
    part("facts").textContent = [...facts, names.join(", ")].filter(Boolean).join(" · ");
    part("troubles").replaceChildren(...troublesOf(card).map((one) => make("li", "", one.text)));
  }

  function choose(id, isFocused = true) {
    const before = buttons.get(state.chosen);
    before?.classList.remove("board-card--chosen");
    if (before) before.tabIndex = -1;
    looks.delete(state.chosen);
    looks.delete(id);
    state.chosen = id;
    buttons.get(id)?.classList.add("board-card--chosen");
    drawChosen();
    if (isFocused) buttons.get(id)?.focus();
  }

  // To the day on which it is, and to its place there.
  function show(id) {
    const card = cards.get(id), day = card && !card.at[3] ? known.days.indexOf(dayOf(card.at)) : -1;
    if (day >= 0) state.day = day;
    draw();
    choose(id);
    buttons.get(id)?.scrollIntoView({ block: "nearest", inline: "center" });
  }

  // -- how the server is asked

  const token = () => root.querySelector("[name=csrfmiddlewaretoken]").value;

  async function post(url, body) {
    const headers = { "X-CSRFToken": token(), Accept: "application/json" };
    const answer = await fetch(url, { method: "POST", headers, body }).catch(() => null);
    if (!answer || answer.redirected) return { status: 0 };
    return { status: answer.status, told: await answer.json().catch(() => ({})) };
  }

  // What has been done, as it is taken back and done again.
  function entry(told, request) {
    const turn = (moves) => moves.map(({ id, was, to }) => ({ id, was: to, to: was }));
    if (told.moves) {
      return { undo: { act: "arrange", moves: turn(told.moves) }, redo: { act: "arrange", moves: told.moves } };
    }
    const copies = told.cards.map((card) => ({ id: card.id, was: card.at }));
    return { undo: { act: "take_back", cards: copies }, redo: request };
  }

  function told(answer) {
    if (answer.gone) return word("gone", { count: answer.gone.length });
    if (answer.is_new) return word("copied", { count: answer.cards.length });
    const [only, ...others] = answer.cards;
    const text = others.length || !only ? word("moved_many", { count: answer.cards.length })
      : word("moved", { title: only.title, where: where(only.at) });
    const found = new Set(answer.cards.flatMap((card) => troublesOf(card)));
    return found.size ? `${text} ${[...found].slice(0, 3).map((one) => one.text).join("; ")}` : text;
  }

  function put(moves, which) {
    for (const move of moves) {
      const card = cards.get(move.id);
      if (card) card.at = move[which];
    }
  }

  // Asks for one verb. `kind`: whether it is new, or takes something back, or does it again.
  function perform(request, kind = "do", undone = null) {
    const moves = request.act === "arrange" ? request.moves : [];
    put(moves, "to");
    draw();
    return queue(() => post(known.urls.act, JSON.stringify(request)), {
      done: (answer) => {
        if (kind === "undo") state.future.push(undone);
        else state.past.push(entry(answer, request));
        if (kind === "do") state.future = [];
        return kind === "undo" ? word("undone") : kind === "redo" ? word("redone") : "";
      },
      failed: () => put(moves, "was"),
      again: (fresh) => perform({ ...request, moves: moves.map((move) => ({ ...move, was: fresh(move.id) })) }, kind, undone),
      wanted: moves.length === 1 ? moves[0].to : null,
    });
  }

  function queue(send, { done, failed = () => {}, again, wanted }) {
    state.busy += 1;
    line = line.then(async () => {
      const { status, told: answer } = await send();
      state.busy -= 1;
      if (status === 200) {
        learn(answer);
        const kindly = done(answer);
        draw();
        say([kindly, told(answer)].filter(Boolean).join(" "));
        return;
      }
      failed();
      if (status === 409) {
        learn(answer);
        draw();
        settle(answer, again, wanted);
      } else {
        draw();
        say(answer?.message ?? word("no_line"));
      }
    });
    return line;
  }

  // Somebody else was quicker: one sees both, and says what holds.
  function settle(answer, again, wanted) {
    const found = answer.keys.map((id) => cards.get(id)).filter(Boolean);
    const [card] = found, is = found.length === 1 && wanted && again;
    const text = is
      ? word("stale", { title: card.title, where: where(card.at), wanted: where(wanted) })
      : word("stale_many", { titles: found.map((one) => one.title).join(", ") || answer.message });
    say(text);
    if (!is) return;
    const dialog = part("stale");
    part("stale-text").textContent = text;
    dialog.returnValue = "";
    dialog.onclose = () => {
      if (dialog.returnValue === "again") again((id) => cards.get(id).at);
      else buttons.get(card.id)?.focus();
    };
    dialog.showModal();
  }

  function undo() {
    const last = state.past.pop();
    return last ? perform(last.undo, "undo", last) : say(word("nothing_to_undo"));
  }

  function redo() {
    const next = state.future.pop();
    return next ? perform(next.redo, "redo") : say(word("nothing_to_redo"));
  }

  // What others do meanwhile: a 304 costs nearly nothing.
  async function poll() {
    if (document.hidden || state.busy || state.lifted || root.querySelector(".board-card--dragged, .board-card--pulled")) return;
    const headers = { "If-None-Match": known.edition };
    const answer = await fetch(known.urls.state, { headers, cache: "no-store" }).catch(() => null);
    if (!answer?.ok || answer.redirected || state.busy || state.lifted) return;
    const before = new Map([...cards].map(([id, card]) => [id, JSON.stringify(card)]));
    known.edition = answer.headers.get("ETag");
    learn(await answer.json());
    const changed = [...cards.values()].filter((card) => before.get(card.id) !== JSON.stringify(card));
    const gone = [...before.keys()].filter((id) => !cards.has(id));
    draw();
    for (const card of changed) buttons.get(card.id).classList.add("board-card--fresh");
    setTimeout(() => changed.forEach((card) => buttons.get(card.id)?.classList.remove("board-card--fresh")), 4000);
    const count = changed.length + gone.length;
    if (count) say(word("others", { count }));
  }

  learn(known);
  setInterval(poll, POLL);
  const asked = new URLSearchParams(location.search).get("day");
  state.day = Math.max(0, known.days.findIndex((day) => day.date === asked));
  return {
    ...{ root, known, state, part, buttons, SNAP, word, say, time, where, spot, today, dayOf, troublesOf, fits },
    ...{ card: (id) => cards.get(id), all: () => [...cards.values()] },
    ...{ draw, choose, show, perform, queue, post, entry, undo, redo },
  };
})();
