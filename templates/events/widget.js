// The programme of an event on a page of another website:
//   <script src="https://.../en/programme.js" defer></script>
//   <entente-programme event="forum"><a href="https://.../en/events/forum/programme/">Programme</a></entente-programme>
// No frame, no inline style or script, no cookie. What stands inside the element stays until the programme is there.
(() => {
  const WORDS = {{ words|safe }};
  const BASE = new URL("./", document.currentScript.src);
  const SHEET = `
    :host { display: block; }
    * { box-sizing: border-box; }
    section { line-height: 1.45; text-align: start; }
    ul, ol { list-style: none; margin: 0; padding: 0; }
    nav ul { display: flex; flex-wrap: wrap; gap: .5rem; margin-block-end: 1rem; }
    button { font: inherit; color: inherit; background: none; border: 1px solid; border-radius: .3rem; padding: .35rem .8rem; min-height: 2.5rem; cursor: pointer; }
    button[aria-pressed="true"] { background: var(--entente-accent, #0b5d52); border-color: var(--entente-accent, #0b5d52); color: var(--entente-on-accent, #fff); }
    h2 { font-size: 1.2em; margin-block: 1.2rem .4rem; }
    li.session { display: grid; grid-template-columns: 6.5rem 1fr; gap: .2rem .8rem; padding-block: .6rem; border-block-start: 1px solid color-mix(in srgb, currentColor 25%, transparent); }
    time { font-variant-numeric: tabular-nums; white-space: nowrap; }
    .title { font-weight: 600; color: inherit; overflow-wrap: anywhere; }
    p { margin: 0; }
    .facts { font-size: .9em; opacity: .85; }
    .dot { display: inline-block; inline-size: .7em; block-size: .7em; border-radius: 50%; margin-inline-end: .35em; }
    .whole { margin-block-start: 1rem; }
    :focus-visible { outline: 3px solid var(--entente-accent, #0b5d52); outline-offset: 2px; }
    @media (max-width: 30rem) { li.session { grid-template-columns: 1fr; } }
  `;

  /** An element with attributes and children; texts are texts and never markup. */
  const make = (name, attributes = {}, ...children) => {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) if (value) element.setAttribute(key, value);
    element.append(...children);
    return element;
  };

  /** An address of ours, or nothing. */
  const ours = (address) => (new URL(address, BASE).origin === BASE.origin ? address : undefined);

  const spoken = (date) => new Intl.DateTimeFormat(WORDS.language, {
    weekday: "long", day: "numeric", month: "long", year: "numeric", timeZone: "UTC",
  }).format(new Date(`${date}T12:00:00Z`));

  class Programme extends HTMLElement {
    static observedAttributes = ["event", "day", "room", "track"];

    connectedCallback() { this.load(); }

    attributeChangedCallback(_name, before, after) { if (this.isConnected && before !== after) this.load(); }

    /** Several attributes that change at once are one reason to load. */
    load() { this.asked ??= Promise.resolve().then(() => { this.asked = undefined; return this.fetch(); }); }

    async fetch() {
      const event = this.getAttribute("event") ?? "";
      try {
        const answer = await fetch(new URL(`events/${encodeURIComponent(event)}/schedule.json`, BASE), { credentials: "omit" });
        if (!answer.ok) throw new Error(`${answer.status}`);
        this.show((await answer.json()).schedule.conference);
        this.dispatchEvent(new CustomEvent("entente-load", { bubbles: true }));
      } catch (reason) {
        console.warn(`entente-programme: ${event}: ${reason.message}`);
        this.dispatchEvent(new CustomEvent("entente-error", { bubbles: true }));
      }
    }

    show(conference) {
      const colors = Object.fromEntries((conference.tracks ?? []).map((track) => [track.name, track.color]));
      const days = conference.days.map((day) => ({ date: day.date, sessions: this.chosen(day) })).filter((day) => day.sessions.length);
      const wanted = this.getAttribute("day");
      const shown = days.filter((day) => !wanted || day.date === wanted);
      const parts = shown.map((day) => this.day(day, colors));
      const section = make("section", { lang: WORDS.language, dir: WORDS.direction, "aria-label": `${WORDS.programme}: ${conference.title}` });
      if (shown.length > 1) section.append(this.tabs(shown, parts));
      section.append(...parts);
      if (!parts.length) section.append(make("p", {}, WORDS.none));
      section.append(make("p", { class: "whole" }, make("a", { href: ours(`${conference.url}programme/`), class: "title" }, WORDS.whole)));
      const root = this.shadowRoot ?? this.attachShadow({ mode: "open" });
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(SHEET);
      root.adoptedStyleSheets = [sheet];
      root.replaceChildren(section);
    }

    /** The sessions of the day in the room and the track that are asked for, by their start. */
    chosen(day) {
      const [room, track] = [this.getAttribute("room"), this.getAttribute("track")];
      return Object.values(day.rooms).flat()
        .filter((session) => (!room || session.room === room) && (!track || session.track === track))
        .sort((one, other) => Date.parse(one.date) - Date.parse(other.date) || (one.room < other.room ? -1 : 1));
    }

    /** A button for each day; the first day is open. */
    tabs(days, parts) {
      const buttons = days.map((day) => make("button", { type: "button" }, spoken(day.date)));
      const open = (place) => parts.forEach((part, number) => {
        part.hidden = number !== place;
        buttons[number].setAttribute("aria-pressed", `${number === place}`);
      });
      buttons.forEach((button, number) => button.addEventListener("click", () => open(number)));
      open(0);
      return make("nav", { "aria-label": WORDS.days }, make("ul", {}, ...buttons.map((button) => make("li", {}, button))));
    }

    day(day, colors) {
      const rows = day.sessions.map((session) => this.session(session, colors));
      return make("div", {}, make("h2", {}, spoken(day.date)), make("ol", {}, ...rows));
    }

    session(session, colors) {
      const times = `${session.start}–${session.end.slice(11, 16)}`;
      const facts = [session.room, session.track, session.type].filter(Boolean).join(" · ");
      const names = session.persons.flatMap((person, number) => [number ? ", " : "", make("bdi", {}, person.name)]);
      const dot = make("span", { class: "dot", "aria-hidden": "true" });
      dot.style.background = colors[session.track];
      return make("li", { class: "session" },
        make("p", {}, make("time", { datetime: session.date, dir: "ltr" }, times)),
        make("div", {},
          make("a", { class: "title", href: ours(session.url), dir: "auto" }, session.title),
          make("p", {}, ...names),
          make("p", { class: "facts" }, ...(colors[session.track] ? [dot] : []), facts)));
    }
  }

  customElements.get("entente-programme") ?? customElements.define("entente-programme", Programme);
})();
