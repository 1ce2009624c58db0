"use strict";
// Answers one question about the patients in this file; every number as ppp.explore.choice.view gives it.
const data = JSON.parse(document.getElementById("data").textContent);
const words = data.words;
const weeks = data.weeks, baseline = weeks[0], after = weeks.slice(1);
const TOLERANCE = 1e-9;
const byId = new Map(data.patients.map((patient) => [patient.id, patient]));
const exact = new Float64Array(Uint8Array.from(atob(data.exact), (c) => c.charCodeAt(0)).buffer);
const looked = new Set();
const element = (id) => document.getElementById(id);

// ---- the answer -------------------------------------------------------------------------------

function eligible(choice) {
  return data.patients.filter((patient) => data.cuts.every((cut) => {
    const wanted = choice.cuts[cut.name];
    if (wanted === undefined) return true;
    const value = patient.values[cut.name];
    if (value === null || value === undefined) return false;
    if (cut.kind === "choice") return value === wanted;
    if (cut.kind === "list") return value.includes(wanted);
    return value >= wanted[0] - TOLERANCE && value <= wanted[1] + TOLERANCE;
  }));
}

function series(patient, choice) {
  const scores = [...patient.scores[choice.outcome]];
  if (choice.missing === "locf") scores.forEach((score, at) => { scores[at] = score ?? scores[at - 1] ?? null; });
  return scores;
}

// true, false, or null where the response cannot be judged
function responded(before, score, choice) {
  const { sign, best, step } = data.outcomes[choice.outcome], value = choice.value;
  if (before === null) return null;
  if (choice.rule === "percent" && !(before > 0)) return null;
  if (choice.rule === "by" && best !== null && sign * (before - best) < value - TOLERANCE) return null;
  if (score === null) return choice.missing === "nri" ? false : null;
  if (choice.rule === "reach") {
    const almostBest = best !== null && step !== null && Math.abs(value - best) <= step;
    return sign * score <= sign * value + TOLERANCE && (almostBest || sign * score <= sign * before + TOLERANCE);
  }
  if (choice.rule === "percent") return sign * score <= sign * (1 - sign * value / 100) * before + TOLERANCE;
  return sign * (before - score) >= value - TOLERANCE;
}

function change(pairs) {
  const n = pairs.length, result = { n, estimate: null, low: null, high: null };
  if (n < data.fewest.estimated) return result;
  const changes = pairs.map(([before, score]) => Math.round((score - before) * 1e9) / 1e9);
  result.estimate = d3.mean(changes);
  if (d3.max(changes) - d3.min(changes) <= 1e-12 * d3.max(changes, Math.abs)) return result;
  const reach = data.t[n - 2] * d3.deviation(changes) / Math.sqrt(n);
  return Object.assign(result, { low: result.estimate - reach, high: result.estimate + reach });
}

const lowest = (events, n) => exact[n * (n + 1) / 2 - 1 + events];

function share(events, n) {
  if (n < data.fewest.shared) return { events, n };
  const p = events / n, z = data.z, centre = (p + z * z / (2 * n)) / (1 + z * z / n);
  const reach = z * Math.sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n);
  const wilson = [events ? centre - reach : 0, events < n ? centre + reach : 1];
  return { events, n, estimate: p, wilson, exact: [lowest(events, n), 1 - lowest(n - events, n)] };
}

function answer(choice) {
  const chosen = eligible(choice), at = weeks.indexOf(choice.week);
  const rows = chosen.map((patient) => {
    const scores = series(patient, choice), before = scores[0], score = scores[at];
    const hits = after.map((week, place) => responded(before, scores[place + 1], choice));
    return { id: patient.id, scores, before, score, hits, hit: hits[at - 1] };
  });
  const pairs = rows.filter((row) => row.before !== null && row.score !== null);
  const shares = after.map((week, place) => {
    const judged = rows.map((row) => row.hits[place]).filter((hit) => hit !== null);
    return { week, unjudged: rows.length - judged.length, ...share(judged.filter(Boolean).length, judged.length) };
  });
  return { rows, pairs, shares, change: change(pairs.map((row) => [row.before, row.score])), response: shares[at - 1] };
}

// ---- words ------------------------------------------------------------------------------------

const number = (x, digits = 2) => {
  const written = x.toFixed(digits);
  return (Number(written) === 0 ? written.replace("-", "") : written).replace("-", "−");
};
const percent = (p) => number(100 * p, 1);
const plain = (x) => number(x, Number.isInteger(x) ? 0 : 1);
const patients = (n) => `${n} ${n === 1 ? words.patient.toLowerCase() : words.patients.toLowerCase()}`;
const fill = (template, values) => template.replace(/\{(\w+)\}/g, (all, name) => values[name]);

function target(choice) {
  const { label, sign } = data.outcomes[choice.outcome], value = plain(choice.value);
  if (choice.rule === "percent") return `${label}-${value}`;
  if (choice.rule === "reach") return `${label} ${sign === 1 ? "≤" : "≥"} ${value}`;
  return fill(words.by, { label, value });
}

function whom(choice) {
  const parts = data.cuts.filter((cut) => choice.cuts[cut.name] !== undefined).map((cut) => {
    const wanted = choice.cuts[cut.name];
    return cut.kind === "number" ? `${cut.label} ${plain(wanted[0])} to ${plain(wanted[1])}` : `${cut.label}: ${wanted}`;
  });
  return parts.length ? parts.join("; ") : words.everybody;
}

const limits = (ends, write) => `${write(ends[0])} to ${write(ends[1])}`;
const rate = (one, ends) => one.estimate === undefined ? "" : ` (${percent(one.estimate)}%, 95% CI ${limits(ends, percent)})`;
const changed = (moved) => moved.low === null ? number(moved.estimate) : `${number(moved.estimate)} (${limits([moved.low, moved.high], number)})`;

function said(choice, result) {
  const label = data.outcomes[choice.outcome].label, response = result.response;
  const parts = [fill(words.response, { whom: whom(choice), week: choice.week, target: target(choice), events: response.events, n: response.n, rate: rate(response, response.exact), missing: words.missing[choice.missing], unjudged: response.unjudged ? fill(words.unjudged, response) : "" })];
  parts.push(result.change.estimate === null
    ? fill(words.no_change, { n: result.change.n })
    : fill(words.change, { label, change: changed(result.change), n: result.change.n, missing: words.missing_change[choice.missing] }));
  return parts.join(" ");
}

function cards(choice, result) {
  const { label, unit } = data.outcomes[choice.outcome], { response, change: moved } = result;
  const of = fill(words.of, { n: data.patients.length });
  const shown = [[words.patients, String(result.rows.length), of, ""]];
  if (moved.estimate !== null) {
    shown.push([fill(words.change_card, { label, week: choice.week }), number(moved.estimate),
      moved.low === null ? words.alike : `95% CI ${limits([moved.low, moved.high], number)}`, [unit, `n = ${moved.n}`].filter(Boolean).join(", ")]);
  }
  shown.push([fill(words.response_card, { target: target(choice), week: choice.week }), `${response.events} of ${response.n}`,
    ...(response.estimate === undefined ? ["", words.few] : [`${percent(response.estimate)}%, 95% CI ${limits(response.exact, percent)}`, `Wilson ${limits(response.wilson, percent)}`])]);
  element("cards").replaceChildren(...shown.map(([what, value, interval, n]) => {
    const card = document.createElement("li");
    const part = (tag, text, kind) => Object.assign(document.createElement(tag), { textContent: text, className: kind });
    card.append(part("span", what, "what"), " ", part("strong", value, ""), " ", part("span", interval, ""), " ", part("span", n, "n"));
    return card;
  }));
}

// ---- figures ----------------------------------------------------------------------------------

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const wide = () => Math.min(560, Math.max(280, element("trajectories").clientWidth || 400));

function draw(id, caption, options) {
  const plot = Plot.plot({ width: wide(), height: 280, marginLeft: 48, marginBottom: 38, style: { fontSize: "12px" }, ...options });
  plot.setAttribute("role", "img");
  for (const part of plot.querySelectorAll("[aria-label]")) part.removeAttribute("aria-label");
  plot.setAttribute("aria-label", caption);
  plot.addEventListener("click", () => { if (plot.value) pick(plot.value.id === state.pick ? "" : plot.value.id); });
  element(id).replaceChildren(plot);
  element(`${id}-said`).textContent = data.synthetic ? `${caption} ${words.synthetic}` : caption;
}

function figures(choice, result) {
  const { label, unit } = data.outcomes[choice.outcome];
  const ink = colour("--ink"), accent = colour("--accent"), warn = colour("--warn"), soft = colour("--quiet");
  const axis = label + (unit && ` (${unit})`);
  const points = result.rows.flatMap((row) => row.scores.map((score, at) => ({ id: row.id, week: weeks[at], score })));
  const seen = points.filter((point) => point.score !== null), mine = seen.filter((point) => point.id === state.pick);
  const means = weeks.map((week) => ({ week, score: d3.mean(seen.filter((point) => point.week === week), (point) => point.score) ?? null }));
  draw("trajectories", fill(words.trajectories, { label, patients: patients(new Set(seen.map((point) => point.id)).size) }), {
    x: { label: words.week, ticks: weeks, tickFormat: String }, y: { label: axis, nice: true },
    marks: [
      Plot.lineY(points, { x: "week", y: "score", z: "id", stroke: soft, strokeOpacity: 0.45 }),
      Plot.lineY(means.filter((mean) => mean.score !== null), { x: "week", y: "score", stroke: accent, strokeWidth: 3 }),
      Plot.lineY(mine, { x: "week", y: "score", stroke: warn, strokeWidth: 3 }),
      Plot.dot(mine, { x: "week", y: "score", fill: warn, r: 4 }),
      Plot.tip(seen, Plot.pointer({ x: "week", y: "score", title: (point) => `${point.id}: ${plain(point.score)}` })),
    ],
  });
  const inPercent = choice.rule === "percent";
  const bars = result.pairs.filter((row) => !inPercent || row.before > 0)
    .map((row) => ({ ...row, moved: inPercent ? 100 * (row.score / row.before - 1) : row.score - row.before }));
  bars.sort((a, b) => b.moved - a.moved);
  draw("waterfall", fill(words.waterfall, { label, week: choice.week, n: bars.length, unit: inPercent ? words.percent : words.points }), {
    x: { axis: null, domain: bars.map((bar) => bar.id) }, y: { label: inPercent ? words.percent_axis : words.point_axis, nice: true },
    marks: [
      Plot.barY(bars, { x: "id", y: "moved", fill: (bar) => (bar.hit ? accent : soft), fillOpacity: (bar) => (bar.hit ? 1 : 0.45) }),
      Plot.barY(bars.filter((bar) => bar.id === state.pick), { x: "id", y: "moved", fill: "none", stroke: warn, strokeWidth: 3 }),
      Plot.ruleY([0], { stroke: ink }),
      Plot.tip(bars, Plot.pointerX({ x: "id", y: "moved", title: (bar) => `${bar.id}: ${number(bar.moved, 1)}${inPercent ? "%" : ""}` })),
    ],
  });
  const shown = result.shares.filter((one) => one.estimate !== undefined);
  draw("responders", fill(words.responders, { target: target(choice), counts: result.shares.map((one) => fill(words.at, one)).join("; ") }), {
    x: { label: words.week, ticks: after, tickFormat: String, domain: [baseline, after.at(-1)] }, y: { label: words.share_axis, domain: [0, 100] },
    marks: [
      Plot.ruleX(shown, { x: "week", y1: (one) => 100 * one.exact[0], y2: (one) => 100 * one.exact[1], stroke: accent, strokeWidth: 2 }),
      Plot.dot(shown, { x: "week", y: (one) => 100 * one.estimate, fill: accent, r: 5 }),
      Plot.ruleY([0], { stroke: ink }),
    ],
  });
}

function values(choice, result) {
  const head = [words.patient, ...weeks.map((week) => `${words.week} ${week}`), words.response_head];
  const yes = (hit) => (hit === null ? "–" : hit ? words.yes : words.no);
  const lines = result.rows.map((row) => [row.id, ...row.scores.map((score) => (score === null ? "–" : String(score))), yes(row.hit)]);
  const line = (cells, tag) => {
    const row = document.createElement("tr");
    cells.forEach((cell, at) => {
      const made = document.createElement(tag === "th" || at === 0 ? "th" : "td");
      made.scope = tag === "th" ? "col" : "row";
      if (made.tagName === "TD") made.removeAttribute("scope");
      made.textContent = cell;
      row.append(made);
    });
    return row;
  };
  const top = document.createElement("thead"), body = document.createElement("tbody");
  top.append(line(head, "th"));
  body.append(...lines.map((cells) => line(cells, "td")));
  element("values").replaceChildren(top, body);
}

// ---- choices ----------------------------------------------------------------------------------

function defaults() {
  return { ...data.first, cuts: {}, pick: "" };
}

function written(choice) {
  const parts = new URLSearchParams({ outcome: choice.outcome, week: choice.week, missing: choice.missing, rule: choice.rule, value: choice.value });
  for (const [name, wanted] of Object.entries(choice.cuts)) parts.set(`cut.${name}`, Array.isArray(wanted) ? wanted.join("~") : wanted);
  if (choice.pick) parts.set("pick", choice.pick);
  return parts.toString();
}

function parsed(fragment) {
  const parts = new URLSearchParams(fragment), choice = defaults();
  const allowed = { outcome: Object.keys(data.outcomes), missing: Object.keys(words.missing), rule: ["percent", "reach", "by"] };
  for (const [name, options] of Object.entries(allowed)) if (options.includes(parts.get(name))) choice[name] = parts.get(name);
  if (after.includes(Number(parts.get("week")))) choice.week = Number(parts.get("week"));
  if (parts.get("value") !== null && Number.isFinite(Number(parts.get("value")))) choice.value = Number(parts.get("value"));
  for (const cut of data.cuts) {
    const wanted = parts.get(`cut.${cut.name}`);
    if (wanted === null) continue;
    const ends = wanted.split("~").map(Number);
    if (cut.kind !== "number" && cut.options.includes(wanted)) choice.cuts[cut.name] = wanted;
    if (cut.kind === "number" && ends.length === 2 && ends.every(Number.isFinite)) choice.cuts[cut.name] = ends;
  }
  if (byId.has(parts.get("pick"))) choice.pick = parts.get("pick");
  return choice;
}

let state = parsed(location.hash.slice(1));

function select(label, options, value, chosen) {
  const made = document.createElement("select"), around = document.createElement("label");
  made.setAttribute("aria-label", label);
  made.append(...options.map(([code, text]) => new Option(text, code, false, String(code) === String(value))));
  made.addEventListener("change", () => chosen(made.value));
  around.append(label, made);
  return around;
}

function input(label, value, step, chosen) {
  const made = Object.assign(document.createElement("input"), { type: "number", step, value });
  made.setAttribute("aria-label", label);
  made.addEventListener("input", () => { if (made.value !== "" && Number.isFinite(made.valueAsNumber)) chosen(made.valueAsNumber); });
  return made;
}

function range(cut) {
  const around = document.createElement("div"), line = document.createElement("span");
  around.className = "range";
  const ends = [...(state.cuts[cut.name] ?? [cut.low, cut.high])];
  const chosen = (at) => (value) => {
    ends[at] = value;
    const all = ends[0] <= cut.low && ends[1] >= cut.high;
    const { [cut.name]: gone, ...rest } = state.cuts;
    set({ cuts: all ? rest : { ...state.cuts, [cut.name]: [...ends] } });
  };
  line.append(input(`${cut.label}, ${words.from}`, ends[0], "any", chosen(0)), words.to, input(`${cut.label}, ${words.to}`, ends[1], "any", chosen(1)));
  around.append(cut.label, line);
  return around;
}

function controls() {
  const outcomes = Object.entries(data.outcomes).map(([code, one]) => [code, one.label]);
  const { sign } = data.outcomes[state.outcome];
  const around = document.createElement("label"), threshold = input(words.value, state.value, "any", (value) => set({ value }));
  around.append(words.value, threshold);
  element("what").replaceChildren(
    select(words.outcome, outcomes, state.outcome, (outcome) => { set({ outcome, ...data.outcomes[outcome].first }); controls(); }),
    select(words.week, after.map((week) => [week, String(week)]), state.week, (week) => set({ week: Number(week) })),
    select(words.response_head, Object.entries(words.rules).map(([code, text]) => [code, fill(text, { than: sign === 1 ? "≤" : "≥" })]), state.rule, (rule) => set({ rule })),
    around,
    select(words.missing_head, Object.entries(words.missing_options), state.missing, (missing) => set({ missing })),
  );
  element("whom").replaceChildren(...data.cuts.map((cut) => cut.kind === "number" ? range(cut)
    : select(cut.label, [["", words.any], ...cut.options.map((option) => [option, option])], state.cuts[cut.name] ?? "", (wanted) => {
      const { [cut.name]: gone, ...rest } = state.cuts;
      set({ cuts: wanted ? { ...rest, [cut.name]: wanted } : rest });
    })));
}

function set(part) {
  state = { ...state, ...part };
  show();
}

function pick(id) {
  set({ pick: id });
}

function show() {
  const result = answer(state), line = said(state, result);
  looked.add(written({ ...state, pick: "" }));
  history.replaceState(null, "", `#${written(state)}`);
  element("said").textContent = line;
  element("looked").textContent = fill(words.looked, { n: looked.size });
  cards(state, result);
  const ids = result.rows.map((row) => row.id);
  element("pick").replaceChildren(new Option(words.nobody, ""), ...ids.map((id) => new Option(id, id, false, id === state.pick)));
  const one = result.rows.find((row) => row.id === state.pick);
  element("picked").textContent = one ? one.scores.map((score, at) => `${words.week} ${weeks[at]}: ${score === null ? "–" : plain(score)}`).join("; ") : "";
  figures(state, result);
  if (element("values").closest("details").open) values(state, result);
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const box = Object.assign(document.createElement("textarea"), { value: text });
    document.body.append(box);
    box.select();
    document.execCommand("copy");
    box.remove();
  }
  element("copied").textContent = words.copied;
}

element("pick").addEventListener("change", (event) => pick(event.target.value));
element("copy-text").addEventListener("click", () => copy([element("said").textContent, words.caveat, data.synthetic ? words.synthetic : ""].join(" ").trim()));
element("copy-link").addEventListener("click", () => copy(location.href));
element("reset").addEventListener("click", () => { state = defaults(); controls(); show(); });
element("choices").addEventListener("submit", (event) => event.preventDefault());
element("values").closest("details").addEventListener("toggle", () => values(state, answer(state)));
window.addEventListener("hashchange", () => { state = parsed(location.hash.slice(1)); controls(); show(); });
window.addEventListener("resize", () => figures(state, answer(state)));
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", show);
controls();
show();
