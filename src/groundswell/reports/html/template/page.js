"use strict";
// Draws the page's figures: in the page's own colours, in a phone's layout where narrow, light on paper.
(() => {
  const swaps = JSON.parse(document.getElementById("swaps").textContent);
  const plots = [...document.querySelectorAll(".plot")];
  const specs = new Map(plots.map((plot) => [plot, JSON.parse(plot.querySelector("script").textContent)]));
  const drawn = new Map();
  // On paper a figure is drawn as wide as its labels were placed for, and made smaller as a whole.
  const paper = { drawn: 900, column: 660 };
  let printing = false;

  const colours = () => {
    const style = getComputedStyle(document.documentElement);
    return Object.fromEntries(Object.entries(swaps).map(([light, name]) => [
      light, printing ? light : style.getPropertyValue(name).trim() || light]));
  };

  const recolour = (part, palette) => {
    if (typeof part === "string") return palette[part] ?? part;
    if (Array.isArray(part)) return part.map((item) => recolour(item, palette));
    if (part === null || typeof part !== "object") return part;
    return Object.fromEntries(Object.entries(part).map(([name, item]) => [name, recolour(item, palette)]));
  };

  const draw = (plot) => {
    const spec = specs.get(plot), width = printing ? paper.drawn : plot.clientWidth;
    const state = [width, printing, matchMedia("(prefers-color-scheme: dark)").matches].join();
    if (!width || drawn.get(plot) === state) return;
    const palette = colours(), narrow = spec.layout.meta && spec.layout.meta.narrow;
    const layout = { ...spec.layout, ...(narrow && width < 560 ? narrow : {}), width, autosize: false };
    delete layout.meta;
    layout.datarevision = state;
    // A notebook's own figure keeps its colours, on its own light ground.
    const own = plot.classList.contains("own"), coloured = (part) => own ? part : recolour(part, palette);
    const frames = spec.frames ? { frames: spec.frames } : {};
    Plotly.react(plot, { data: coloured(spec.data), layout: coloured(layout), config: spec.config, ...frames });
    plot.style.minHeight = `${layout.height}px`;
    plot.style.zoom = printing ? paper.column / paper.drawn : "";
    plot.classList.add("drawn");
    drawn.set(plot, state);
    labelParts(plot);
  };

  // What Plotly draws is the figure's picture: the words beside it say the same.
  const labelParts = (plot) => {
    plot.querySelectorAll("svg").forEach((svg) => svg.setAttribute("aria-hidden", "true"));
  };

  const drawAll = () => plots.forEach(draw);

  // Arrow keys walk through the marks of a figure that has the focus; the words go to a live region.
  const walk = (plot) => {
    const marks = [];
    specs.get(plot).data.forEach((trace, curve) => {
      if (trace.mode === "markers") trace.x.forEach((x, point) => {
        marks.push({ x, curve, point, text: [trace.name, trace.text[point]].filter(Boolean).join(", ") });
      });
    });
    marks.sort((a, b) => (a.x < b.x ? -1 : a.x > b.x ? 1 : 0));
    const words = document.createElement("p");
    words.className = "unseen";
    words.setAttribute("aria-live", "polite");
    plot.after(words);
    let place = marks.length;
    plot.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (!step || !marks.length || !plot.classList.contains("drawn")) return;
      event.preventDefault();
      place = Math.min(Math.max(place + step, 0), marks.length - 1);
      const mark = marks[place];
      Plotly.Fx.hover(plot, [{ curveNumber: mark.curve, pointNumber: mark.point }]);
      const text = new DOMParser().parseFromString(String(mark.text).replaceAll("<br>", ", "), "text/html");
      words.textContent = text.body.textContent;
    });
    plot.addEventListener("blur", () => plot.classList.contains("drawn") && Plotly.Fx.unhover(plot));
  };

  const start = () => {
    if (!window.Plotly) {
      document.body.classList.add("no-figures");
      document.querySelectorAll("figure details.numbers").forEach((details) => { details.open = true; });
      return;
    }
    plots.filter((plot) => !plot.classList.contains("own")).forEach(walk);
    if (plots.length) draw(plots[0]);
    performance.mark("first-figure");
    drawInTurn(plots.slice(1));
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
  };

  // The first figure is drawn at once; the page can be read and scrolled between the others.
  const drawInTurn = (waiting) => {
    if (waiting.length) {
      setTimeout(() => { draw(waiting[0]); drawInTurn(waiting.slice(1)); }, 0);
      return;
    }
    performance.mark("all-figures");
    document.body.classList.add("figures-drawn");
    new ResizeObserver(() => printing || drawAll()).observe(document.querySelector("main"));
    document.addEventListener("toggle", drawAll, true);
  };

  const inflate = async (packed) => {
    const letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%.()*+-;,=:?@^_`{|}~";
    const digits = new Uint8Array(128), text = packed.textContent;
    for (let place = 0; place < 85; place++) digits[letters.charCodeAt(place)] = place;
    const bytes = new Uint8Array(text.length / 5 * 4), words = new DataView(bytes.buffer);
    for (let from = 0, to = 0; from < text.length; from += 5, to += 4) {
      let word = 0;
      for (let place = from; place < from + 5; place++) word = word * 85 + digits[text.charCodeAt(place)];
      words.setUint32(to, word);
    }
    const stream = new Blob([bytes.subarray(0, Number(packed.dataset.bytes))]).stream().pipeThrough(new DecompressionStream("gzip"));
    const script = document.createElement("script");
    script.textContent = await new Response(stream).text();
    packed.remove();
    document.head.append(script);
  };

  const openFor = (hash) => {
    const target = hash.length > 1 && document.getElementById(decodeURIComponent(hash.slice(1)));
    if (!target) return;
    const folded = target.querySelector(":scope > details.folded");
    if (folded) folded.open = true;
    for (let part = target; part; part = part.parentElement) if (part.tagName === "DETAILS") part.open = true;
  };

  let closed = [];
  addEventListener("beforeprint", () => {
    closed = [...document.querySelectorAll("details:not([open])")].filter((part) => !part.closest(".numbers, .remark"));
    closed.forEach((part) => { part.open = true; });
    printing = true;
    if (window.Plotly) drawAll();
  });
  addEventListener("afterprint", () => {
    closed.forEach((part) => { part.open = false; });
    printing = false;
    if (window.Plotly) drawAll();
  });
  addEventListener("hashchange", () => openFor(location.hash));
  openFor(location.hash);

  // A column's heading sorts its rows: by the day or the number in the cell, else by its letters.
  const decimal = document.body.dataset.decimal, grouping = decimal === "," ? /[\s\u00a0.]/g : /[\s\u00a0,]/g;
  const key = (cell) => {
    const given = cell.dataset.sort ?? cell.querySelector("[data-day]")?.dataset.day;
    if (given !== undefined) return given;
    const number = parseFloat(cell.textContent.replace(grouping, "").replace(decimal, ".").replace("\u2212", "-"));
    return Number.isNaN(number) ? cell.textContent.trim().toLowerCase() : number;
  };
  document.querySelectorAll("table.sortable").forEach((table) => {
    table.querySelectorAll("thead th").forEach((head, column) => {
      const button = document.createElement("button");
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const up = head.getAttribute("aria-sort") !== "ascending";
        table.querySelectorAll("thead th").forEach((other) => other.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", up ? "ascending" : "descending");
        const rows = [...table.tBodies[0].rows], side = up ? 1 : -1;
        rows.sort((a, b) => {
          const [left, right] = [key(a.cells[column]), key(b.cells[column])];
          if (typeof left !== typeof right) return typeof left === "number" ? -1 : 1;
          return (left < right ? -1 : left > right ? 1 : 0) * side;
        });
        table.tBodies[0].append(...rows);
      });
    });
  });

  document.querySelectorAll(".unfold button").forEach((button) => {
    const rows = button.closest(".unfold").previousElementSibling.querySelector("tbody");
    button.addEventListener("click", () => {
      const open = !rows.classList.toggle("fold"), words = button.textContent;
      button.setAttribute("aria-expanded", open);
      button.textContent = button.dataset.fewer;
      button.dataset.fewer = words;
    });
  });

  // A table wider than its place scrolls inside itself: it says so, and takes the focus for the arrow keys.
  const hint = (box) => {
    const hidden = box.scrollWidth - box.clientWidth;
    box.classList.toggle("wide", hidden > 4);
    box.classList.toggle("more", hidden - box.scrollLeft > 4);
    if (hidden > 4) box.tabIndex = 0;
    else if (!box.closest(".own")) box.removeAttribute("tabindex");  // that one may scroll down, too
  };
  const boxes = document.querySelectorAll(".table-scroll");
  const hints = new ResizeObserver((entries) => entries.forEach((entry) => hint(entry.target)));
  boxes.forEach((box) => { hints.observe(box); box.addEventListener("scroll", () => hint(box), { passive: true }); });

  // The table of contents marks the section that is being read.
  const entries = [...document.querySelectorAll(".contents a")]
    .map((link) => [link, document.getElementById(decodeURIComponent(link.hash.slice(1)))])
    .filter(([, section]) => section);
  const mark = () => {
    const read = entries.findLast(([, section]) => section.getBoundingClientRect().top < 140) ?? entries[0];
    const end = innerHeight + scrollY >= document.documentElement.scrollHeight - 4 ? entries.at(-1) : read;
    entries.forEach(([link]) => link === end[0] ? link.setAttribute("aria-current", "true") : link.removeAttribute("aria-current"));
  };
  let marking = 0;
  if (entries.length) {
    addEventListener("scroll", () => { cancelAnimationFrame(marking); marking = requestAnimationFrame(mark); }, { passive: true });
    mark();
  }

  const packed = document.getElementById("packed");
  if (packed) inflate(packed).then(start, start);
  else start();
})();
