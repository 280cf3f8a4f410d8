// The hands of the board: sessions are taken by the pointer or by the keyboard, which can do the same. See board.js.
(() => {
  if (!entente_board) return;
  const { root, known, state, part, buttons, SNAP, word, say, where, spot, today, fits, troublesOf } = entente_board;
  const { card: cardOf, all, draw, choose, show, perform, queue, post, entry, undo, redo, time } = entente_board;
  const isRightToLeft = getComputedStyle(root).direction === "rtl";
  const isStill = () => !known.may_move;
  const rooms = () => [null, ...known.rooms.map((room) => room.id)];
  let swapping = null;

  const move = (card, to) => perform({ act: "arrange", moves: [{ id: card.id, was: card.at, to }] });
  const same = (one, other) => one.every((value, n) => value === other[n]);

  // -- by the pointer: a card is taken and carried, or pulled at its end; a finger rests on it first, for else it scrolls

  const RESTS = 350;
  let drag = null, hasDragged = false;

  // To which place the pointer points: the lane below it, and the hour by which it has been taken.
  function target(event) {
    const below = document.elementsFromPoint(event.clientX, event.clientY);
    const length = drag.card.at[1] - drag.card.at[0];
    if (drag.isPulled) return pulledTo(event);
    if (below.some((one) => one === part("waiting"))) return [drag.card.at[0], drag.card.at[1], drag.card.at[2], true];
    const row = below.find((one) => one.classList?.contains("board-row")), lane = row?.querySelector(".board-lane");
    if (!lane) return null;
    const box = lane.getBoundingClientRect();
    const along = isRightToLeft ? box.right - event.clientX : event.clientX - box.left;
    const from = Number(part("grid").dataset.from), raw = from + ((along - drag.grip) / state.minute) * 60;
    const start = Math.max(today().begins, Math.min(today().ends - SNAP, Math.round(raw / SNAP) * SNAP));
    return [start, start + length, lane.dataset.room ? Number(lane.dataset.room) : null, false];
  }

  // The place where it is, until the hour to which its end is pulled.
  function pulledTo(event) {
    const [start, before, room] = drag.card.at, along = event.clientX - drag.x + drag.scrolled();
    const end = before + ((isRightToLeft ? -along : along) / state.minute) * 60;
    return [start, Math.max(start + SNAP, Math.min(today().ends, Math.round(end / SNAP) * SNAP)), room, false];
  }

  function begin(event) {
    drag.isOn = true;
    drag.button.setPointerCapture(event.pointerId);
    drag.button.classList.add(drag.isPulled ? "board-card--pulled" : "board-card--dragged");
  }

  function pull(event) {
    const { button, x, y } = drag, isFar = Math.hypot(event.clientX - x, event.clientY - y) >= 5;
    if (!drag.isOn) {
      if (isFar && drag.rests) return letGo(); // the finger scrolls
      if (!isFar) return null;
      begin(event);
    }
    scroll(event);
    drag.to = target(event);
    if (drag.isPulled) button.style.setProperty("--for", (drag.to[1] - drag.to[0]) / 60);
    else button.style.transform = `translate(${event.clientX - x + drag.scrolled()}px, ${event.clientY - y + drag.sunk()}px)`;
    const ghost = part("ghost");
    ghost.hidden = false;
    ghost.textContent = drag.to ? where(drag.to) : "";
    ghost.style.setProperty("--x", `${event.clientX}px`);
    ghost.style.setProperty("--y", `${event.clientY}px`);
    return null;
  }

  function scroll(event) {
    const grid = part("grid"), box = grid.getBoundingClientRect(), edge = 40;
    if (event.clientX > box.right - edge) grid.scrollLeft += 16;
    else if (event.clientX < box.left + edge) grid.scrollLeft -= 16;
    if (event.clientY > box.bottom - edge) grid.scrollTop += 12;
    else if (event.clientY < box.top + edge) grid.scrollTop -= 12;
  }

  function letGo() {
    if (!drag) return null;
    const { button, isOn, card } = drag;
    clearTimeout(drag.rests);
    button.classList.remove("board-card--dragged", "board-card--pulled");
    button.style.transform = "";
    if (isOn) button.style.setProperty("--for", (card.at[1] - card.at[0]) / 60);
    part("ghost").hidden = true;
    const done = isOn ? drag : null;
    drag = null;
    return done;
  }

  root.addEventListener("pointerdown", (event) => {
    const button = event.target.closest(".board-card");
    if (!button || event.button || isStill() || state.lifted) return;
    const card = cardOf(Number(button.dataset.card)), box = button.getBoundingClientRect(), grid = part("grid");
    const grip = card.at[3] ? 0 : isRightToLeft ? box.right - event.clientX : event.clientX - box.left;
    const [left, top] = [grid.scrollLeft, grid.scrollTop], isIn = grid.contains(button);
    const scrolled = () => (isIn ? grid.scrollLeft - left : 0), sunk = () => (isIn ? grid.scrollTop - top : 0);
    const end = isRightToLeft ? event.clientX - box.left : box.right - event.clientX;
    const isPulled = isIn && box.width >= 24 && end < 9;
    drag = { button, card, grip, isPulled, x: event.clientX, y: event.clientY, isOn: false, to: null, scrolled, sunk };
    if (event.pointerType === "touch") drag.rests = setTimeout(() => begin(event), RESTS);
  });
  root.addEventListener("touchmove", (event) => drag?.isOn && event.preventDefault(), { passive: false });
  root.addEventListener("contextmenu", (event) => drag?.rests && event.preventDefault());
  root.addEventListener("pointermove", (event) => drag && pull(event));
  root.addEventListener("pointercancel", letGo);
  root.addEventListener("pointerup", () => {
    const done = letGo();
    if (!done) return;
    hasDragged = true; // the click that may follow is none
    setTimeout(() => {
      hasDragged = false;
      choose(done.card.id);
    });
    if (done.to && !same(done.to, done.card.at)) move(done.card, done.to);
  });

  // -- by the keyboard

  function lift(card) {
    if (isStill()) return;
    state.lifted = { id: card.id, at: card.at[3] ? [today().begins, today().begins + card.at[1] - card.at[0], card.at[2], false] : [...card.at] };
    draw();
    say(word("lifted", { title: card.title }));
  }

  function putDown() {
    const { id, at } = state.lifted, card = cardOf(id);
    state.lifted = null;
    if (same(at, card.at)) putBack(card);
    else move(card, at);
  }

  function putBack(card) {
    state.lifted = null;
    draw();
    say(word("put_back", { title: card.title }));
  }

  function carry(seconds, rows = 0) {
    const [start, end, room, waits] = state.lifted.at, there = rooms();
    const to = there[Math.max(0, Math.min(there.length - 1, there.indexOf(room) + rows))];
    state.lifted.at = [start + seconds, end + seconds, to, waits];
    const number = known.days.findIndex((day) => day.begins <= start + seconds && start + seconds < day.ends);
    if (number < 0) state.lifted.at = [start, end, to, waits];
    else state.day = number;
    draw();
    buttons.get(state.lifted.id).scrollIntoView({ block: "nearest", inline: "nearest" });
    say(where(state.lifted.at));
  }

  function stretch(seconds) {
    const [start, end, room, waits] = state.lifted.at;
    if (end + seconds <= start) return;
    state.lifted.at = [start, end + seconds, room, waits];
    draw();
    say(where(state.lifted.at));
  }

  // To the same hour of the day before or after, as its clocks show it.
  function carryDays(days) {
    const number = state.day + days, day = known.days[number];
    if (!day) return;
    carry(day.begins - today().begins);
  }

  function carried(key, isShifted) {
    const later = isRightToLeft ? "ArrowLeft" : "ArrowRight", sooner = isRightToLeft ? "ArrowRight" : "ArrowLeft";
    const step = isShifted ? 1800 : SNAP, card = cardOf(state.lifted.id);
    const acts = {
      [later]: () => carry(step),
      [sooner]: () => carry(-step),
      ArrowDown: () => carry(0, 1),
      ArrowUp: () => carry(0, -1),
      PageDown: () => carryDays(1),
      PageUp: () => carryDays(-1),
      "+": () => stretch(SNAP),
      "=": () => stretch(SNAP), // where + takes the shift key
      "-": () => stretch(-SNAP),
      Enter: putDown,
      " ": putDown,
      Escape: () => putBack(card),
    };
    return acts[key];
  }

  // The next to look at: along its room, or the nearest in the rooms beside it.
  function next(card, rows, steps) {
    const shown = [...root.querySelectorAll(".board-card:not([inert])")].map((one) => cardOf(Number(one.dataset.card)));
    const inSame = (one, room) => !one.at[3] && one.at[2] === room;
    if (card.at[3] || steps) {
      const row = shown.filter((one) => (card.at[3] ? one.at[3] : inSame(one, card.at[2])));
      return row[row.indexOf(card) + (steps || rows)];
    }
    const there = rooms();
    for (let n = there.indexOf(card.at[2]) + rows; n >= 0 && n < there.length; n += rows) {
      const row = shown.filter((one) => inSame(one, there[n]));
      const distance = (one) => Math.abs(one.at[0] - card.at[0]);
      if (row.length) return row.reduce((best, one) => (distance(one) < distance(best) ? one : best));
    }
    return null;
  }

  function looked(key, card) {
    const later = isRightToLeft ? "ArrowLeft" : "ArrowRight", sooner = isRightToLeft ? "ArrowRight" : "ArrowLeft";
    const go = (rows, steps) => () => {
      const to = next(card, rows, steps);
      if (to) choose(to.id);
    };
    const acts = {
      [later]: go(0, 1),
      [sooner]: go(0, -1),
      ArrowDown: go(1, 0),
      ArrowUp: go(-1, 0),
      Enter: () => (swapping ? swapWith(card) : lift(card)),
      " ": () => (swapping ? swapWith(card) : lift(card)),
      m: () => askWhere(card),
      Escape: swapping ? giveUp : null,
    };
    return acts[key];
  }

  root.addEventListener("keydown", (event) => {
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if ((event.ctrlKey || event.metaKey) && (key === "z" || key === "y") && !event.target.closest("dialog, input")) {
      event.preventDefault();
      if (key === "y" || event.shiftKey) redo();
      else undo();
      return;
    }
    const button = event.target.closest(".board-card");
    if (!button || event.ctrlKey || event.metaKey || event.altKey) return;
    const act = state.lifted ? carried(key, event.shiftKey) : looked(key, cardOf(Number(button.dataset.card)));
    if (!act) return;
    event.preventDefault();
    act();
  });
  root.addEventListener("focusin", (event) => {
    const id = Number(event.target.closest?.(".board-card")?.dataset.card);
    if (id && id !== state.chosen && !state.lifted) choose(id, false);
  });
  root.addEventListener("focusout", (event) => {
    const isLeft = state.lifted && event.relatedTarget && !event.relatedTarget.closest(".board-card");
    if (isLeft) putBack(cardOf(state.lifted.id));
  });

  // -- by dialogs and buttons

  function opened(name) {
    const dialog = part(name);
    dialog.returnValue = "";
    dialog.showModal();
    return dialog;
  }

  // The dialog has the form of the page that moves a session without a script, and sends it there.
  function askWhere(card) {
    if (isStill()) return;
    const form = part("move-form"), day = entente_board.dayOf(card.at) ?? today();
    const values = { day: day.date, time: time(card.at[0]), minutes: Math.round((card.at[1] - card.at[0]) / 60) };
    Object.assign(values, { room: card.at[2] ?? "", was: JSON.stringify(card.at) });
    for (const [name, value] of Object.entries(values)) form.elements[name].value = value;
    form.elements.is_unscheduled.checked = card.at[3];
    if (card.at[3]) form.elements.day.value = today().date;
    part("move-title").textContent = card.title;
    opened("move").onclose = () => {
      if (part("move").returnValue !== "move") buttons.get(card.id)?.focus();
      else sendForm(card, new FormData(form));
    };
  }

  function sendForm(card, body) {
    const url = known.urls.move.replace("/0/", `/${card.id}/`);
    return queue(() => post(url, body), {
      done: (answer) => {
        if (answer.moves.length) state.past.push(entry(answer));
        state.future = [];
        setTimeout(() => show(card.id));
        return "";
      },
      again: (fresh) => {
        body.set("was", JSON.stringify(fresh(card.id)));
        return sendForm(card, body);
      },
      wanted: wanted(body),
    });
  }

  // What the form asks for, to be shown beside what somebody else has done.
  function wanted(body) {
    const day = known.days.find((one) => one.date === body.get("day")), [hour, minute] = body.get("time").split(":");
    const [firstHour, firstMinute] = time(day.begins).split(":");
    let after = (hour - firstHour) * 3600 + (minute - firstMinute) * 60;
    if (after < 0) after += 86400;
    const start = day.begins + after, room = body.get("room");
    return [start, start + 60 * body.get("minutes"), room ? Number(room) : null, body.has("is_unscheduled")];
  }

  function swapWith(card) {
    const one = swapping;
    giveUp();
    if (card.id !== one) perform({ act: "swap", id: one, other: card.id });
  }

  function giveUp() {
    swapping = null;
    part("grid").classList.remove("board-grid--swapping");
    say(word("not_swapped"));
  }

  const acts = {
    undo,
    redo,
    move: (card) => askWhere(card),
    wait: (card) => move(card, [card.at[0], card.at[1], card.at[2], true]),
    fit: (card) => perform({ act: "fit", room: card.at[2], day: entente_board.dayOf(card.at).date }),
    swap: (card) => {
      swapping = card.id;
      part("grid").classList.add("board-grid--swapping");
      say(word("swap_with", { title: card.title }));
      buttons.get(card.id)?.focus();
    },
    shift: (card) => {
      opened("shift").onclose = () => {
        const said = new FormData(part("shift-form")), minutes = Number(said.get("minutes"));
        if (part("shift").returnValue === "shift") {
          perform({ act: "shift", id: card.id, minutes, everywhere: said.get("scope") === "all" });
        }
      };
    },
    duplicate: () => {
      const { day, to } = part("duplicate-form").elements, others = [...to.options].filter((one) => one.value !== today().date);
      day.value = today().date;
      to.value = (others.find((one) => one.value > day.value) ?? others[0] ?? to).value;
      opened("duplicate").onclose = () => {
        const said = new FormData(part("duplicate-form"));
        if (part("duplicate").returnValue !== "duplicate") return;
        perform({ act: "duplicate", day: said.get("day"), to: said.get("to"), with_people: said.has("with_people") });
      };
    },
    conflict: () => {
      const ids = [...new Set(known.conflicts.flatMap((one) => one.cards))].filter(cardOf);
      if (ids.length) show(ids[(ids.indexOf(state.chosen) + 1) % ids.length]);
      const card = cardOf(state.chosen);
      if (card) say(troublesOf(card).map((one) => one.text).join("; "));
    },
    near: () => zoom(1.4),
    far: () => zoom(1 / 1.4),
  };

  function zoom(times) {
    state.minute = Math.max(1, Math.min(10, state.minute * times));
    draw();
    buttons.get(state.chosen)?.scrollIntoView({ block: "nearest", inline: "center" });
  }

  root.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button || hasDragged) return;
    if (button.dataset.card) {
      const card = cardOf(Number(button.dataset.card));
      if (swapping) swapWith(card);
      else choose(card.id);
    } else if (button.dataset.day) {
      state.day = Number(button.dataset.day);
      draw();
      part("days").querySelector("[aria-pressed=true]").focus();
    } else if (button.dataset.act) {
      acts[button.dataset.act](cardOf(state.chosen));
    }
  });
  for (const name of ["track", "person"]) {
    part(name).addEventListener("change", (event) => {
      state[name] = event.target.value;
      draw();
      const first = all().find((card) => !card.at[3] && fits(card));
      if (state[name] && first) show(first.id);
      part(name).focus();
    });
  }

  root.hidden = false;
  state.minute = Math.max(1.5, Math.min(6, (root.clientWidth - 160) / 600));
  draw();
  root.dataset.drawn = Math.round(performance.now());
})();
