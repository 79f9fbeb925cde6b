// What HTML alone cannot do: sort, filter, copy, choose days by dragging, start a backfill, follow Airflow's theme.
"use strict";
const root = document.documentElement;
try {
  const theme = (localStorage.getItem("theme") || localStorage.getItem("chakra-ui-color-mode") || "").replaceAll('"', "");
  if (theme === "dark" || theme === "light") root.dataset.theme = theme;
} catch { /* storage is forbidden: the system's theme counts */ }

for (const button of document.querySelectorAll("button.copy")) {
  button.addEventListener("click", async () => {
    try { await navigator.clipboard.writeText(button.dataset.copy); button.firstChild.textContent = document.body.dataset.copied; }
    catch { getSelection().selectAllChildren(button.previousElementSibling); }
  });
}

const filters = document.getElementById("filters");
if (filters) {
  const rows = [...document.querySelectorAll("#portals tbody tr")];
  const sift = () => {
    const wanted = new FormData(filters), text = wanted.get("text").trim().toLowerCase();
    for (const row of rows) {
      row.hidden = !(row.dataset.text.includes(text)
        && ["state", "country", "schedule"].every((name) => !wanted.get(name) || row.dataset[name] === wanted.get(name)));
    }
  };
  filters.addEventListener("input", sift);
  filters.addEventListener("submit", (event) => event.preventDefault());
}

for (const button of document.querySelectorAll("table.sortable thead button")) {
  button.addEventListener("click", () => {
    const head = button.closest("th"), body = head.closest("table").tBodies[0], place = head.cellIndex;
    const down = head.getAttribute("aria-sort") === "ascending";
    for (const other of head.parentNode.children) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    const value = (row) => row.cells[place].dataset.value;
    const compare = head.classList.contains("number") ? (a, b) => value(a) - value(b) : (a, b) => value(a).localeCompare(value(b));
    body.append(...[...body.rows].sort((a, b) => (down ? -compare(a, b) : compare(a, b))));
  });
}

const days = document.getElementById("days"), span = document.getElementById("span");
if (days && span) {
  const cells = [...days.querySelectorAll("td[data-day]")];
  let first = null;
  const next = (day) => new Date(Date.parse(day) + 86400000).toISOString().slice(0, 10);
  const choose = (a, b) => {
    const [from, to] = [a, b].sort();
    span.elements.from.value = from;
    span.elements.to.value = next(to);
    mark();
  };
  const mark = () => {
    const { from, to } = span.elements;
    for (const cell of cells) cell.classList.toggle("chosen", !!from.value && cell.dataset.day >= from.value && cell.dataset.day < to.value);
  };
  days.addEventListener("pointerdown", (event) => {
    const cell = event.target.closest("td[data-day]");
    if (cell) { first = cell.dataset.day; choose(first, first); event.preventDefault(); }
  });
  days.addEventListener("pointerover", (event) => {
    const cell = event.target.closest("td[data-day]");
    if (first && cell) choose(first, cell.dataset.day);
  });
  addEventListener("pointerup", () => { first = null; });
  span.addEventListener("input", mark);
  mark();
}

const start = document.getElementById("start");
if (start) {
  start.addEventListener("click", async () => {
    start.disabled = true;
    const refused = document.getElementById("refused");
    refused.hidden = true;
    // Airflow's own interface, with the rights of who is signed in; it keeps its own log of who did it.
    const answer = await fetch(`${document.body.dataset.root}api/v2/backfills`, {
      method: "POST",
      credentials: "same-origin",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ dag_id: start.dataset.dag, from_date: start.dataset.from, to_date: start.dataset.to,
        reprocess_behavior: "failed", max_active_runs: 2, run_backwards: false }),
    });
    if (answer.ok) { document.getElementById("started").hidden = false; return; }
    const said = await answer.json().catch(() => ({}));
    // Airflow notices every half a minute that a backfill has ended.
    refused.textContent = answer.status === 409 ? start.dataset.busy : `${answer.status} ${typeof said.detail === "string" ? said.detail : JSON.stringify(said.detail || "")}`;
    refused.hidden = false;
    start.disabled = false;
  });
}

for (const form of document.querySelectorAll("form.act")) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const fields = Object.fromEntries(new FormData(form, event.submitter)), told = form.querySelector("[role=alert]");
    for (const button of form.querySelectorAll("button")) button.disabled = true;
    const answer = await fetch(`${document.body.dataset.here}act`, {
      method: "POST", credentials: "same-origin", headers: { "Content-Type": "application/json" }, body: JSON.stringify(fields),
    });
    if (answer.ok) { location.reload(); return; }
    const said = await answer.json().catch(() => ({}));
    told.textContent = typeof said.detail === "string" ? said.detail : `${answer.status}`;
    told.hidden = false;
    for (const button of form.querySelectorAll("button")) button.disabled = false;
  });
}

const live = document.getElementById("live");
if (live) {
  setInterval(async () => {
    if (document.hidden) return;
    const answer = await fetch(`live?lang=${root.lang}`, { credentials: "same-origin" }).catch(() => null);
    if (answer && answer.ok) live.innerHTML = await answer.text(); // made by our templates, escaped
  }, 15000);
}
