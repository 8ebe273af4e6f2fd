/* What the pages do beyond links and forms. Every page works without this file.
   Attributes and their meaning: docs/look.md, "Behaviour by attribute". */
(() => {
  "use strict";
  const one = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const word = (name) => document.body.dataset[name] || "";
  const remember = (key, value) => { try { localStorage.setItem(key, value); } catch { /* private window */ } };
  const recall = (key) => { try { return localStorage.getItem(key); } catch { return null; } };
  const token = () => one('meta[name="csrf-token"]')?.content;

  /* ---- htmx: the token with every unsafe request (htmx 4 no longer inherits hx-headers) ---- */
  document.addEventListener("htmx:config:request", (event) => {
    const request = event.detail.ctx.request;
    if (!/^(GET|HEAD|OPTIONS)$/i.test(request.method)) request.headers["X-CSRFToken"] = token();
  });

  /* ---- rail ---- */
  const fold = one("[data-rail-fold]");
  if (fold) {
    const show = () => {
      const narrow = document.documentElement.dataset.rail === "narrow";
      fold.setAttribute("aria-expanded", String(!narrow));
      one(".rail-word", fold).textContent = word(narrow ? "wordOpen" : "wordClose");
    };
    fold.addEventListener("click", () => {
      const rail = document.documentElement.dataset.rail === "narrow" ? "" : "narrow";
      document.documentElement.dataset.rail = rail;
      remember("rail", rail);
      show();
    });
    show();
  }

  /* ---- menus close when the attention goes elsewhere ---- */
  document.addEventListener("click", (event) => {
    for (const menu of all("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
  });

  /* ---- keys ---- */
  const rowsOf = (list) => {
    const inTable = all(":scope > tbody > tr, :scope > tr", list).filter((row) => one("a, button, [tabindex]", row));
    return (inTable.length ? inTable : all(":scope > li, :scope > [tabindex]", list)).filter((row) => row.offsetParent);
  };
  const allRows = () => all("[data-rows]").flatMap(rowsOf);
  const currentRow = () => {
    const focused = document.activeElement;
    return allRows().find((row) => row === focused || row.contains(focused)) || one("[data-rows] .is-here");
  };
  const goTo = (row) => {
    for (const other of all("[data-rows] .is-here")) {
      other.classList.remove("is-here");
      light(other, false, false);
    }
    row.classList.add("is-here");
    const target = row.matches("[tabindex], a") ? row : one("[data-open], a[href], button", row);
    target?.focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest" });
  };
  const step = (by) => {
    const rows = allRows();
    if (!rows.length) return;
    const at = rows.indexOf(currentRow());
    goTo(rows[at < 0 ? 0 : Math.max(0, Math.min(rows.length - 1, at + by))]);
  };
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const focused = event.target;
    const writing = focused.matches("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]");
    if (event.key === "Escape") {
      const menu = one("details.menu[open]");
      if (menu) { menu.open = false; one("summary", menu).focus(); }
      else if (writing || currentRow()) {
        for (const row of all("[data-rows] .is-here")) row.classList.remove("is-here");
        focused.blur();
      }
      return;
    }
    if (writing || one("dialog[open]")) return;
    const inList = focused.closest("[data-rows]");
    if (event.key === "/") {
      const search = one("[data-search]");
      if (search) { event.preventDefault(); search.focus(); search.select(); }
    } else if (/^[a-z]$/.test(event.key) && one(`[data-key="${event.key}"][href]`)) {
      event.preventDefault(); one(`[data-key="${event.key}"][href]`).click();
    } else if (event.key === "j" || (event.key === "ArrowDown" && inList)) {
      event.preventDefault(); step(1);
    } else if (event.key === "k" || (event.key === "ArrowUp" && inList)) {
      event.preventDefault(); step(-1);
    } else if (event.key === "Enter" && inList && focused.matches("[tabindex]")) {
      const target = one("[data-open], a[href], button", focused);
      if (target) { event.preventDefault(); if (!event.repeat) target.click(); }
    }
  });

  /* ---- a cell and what was read from it light up together ---- */
  /* scrolls the partner's own pane and never the page, which would move under the reader */
  const bringIntoPane = (element) => {
    const pane = element.closest(".split-scroll, .table-wrap.wide");
    if (!pane) return;
    const [inner, outer] = [element.getBoundingClientRect(), pane.getBoundingClientRect()];
    const edge = 48; // the sticky heads
    if (inner.top < outer.top + edge) pane.scrollTop -= outer.top + edge - inner.top;
    else if (inner.bottom > outer.bottom) pane.scrollTop += inner.bottom - outer.bottom;
    if (inner.left < outer.left + edge) pane.scrollLeft -= outer.left + edge - inner.left;
    else if (inner.right > outer.right) pane.scrollLeft += inner.right - outer.right;
  };
  const light = (element, on, scroll) => {
    const cell = element.closest("[data-cell]");
    const source = element.closest("[data-lights]");
    let partners = [];
    if (source) {
      const wanted = source.dataset.lights.split(/\s+/);
      const shares = (other) => other.dataset.lights.split(/\s+/).some((address) => wanted.includes(address));
      partners = [
        ...all("[data-cell]").filter((other) => wanted.includes(other.dataset.cell)),
        ...all("[data-lights]").filter((other) => other.parentElement !== source.parentElement && shares(other)),
      ];
    } else if (cell) {
      partners = all("[data-lights]").filter((other) => other.dataset.lights.split(/\s+/).includes(cell.dataset.cell));
    }
    for (const partner of partners) partner.classList.toggle("is-lit", on);
    if (!on || !scroll) return;
    const panes = new Set();
    for (const partner of partners) {
      const pane = partner.closest(".split-scroll, .table-wrap.wide");
      if (panes.has(pane)) continue;
      panes.add(pane);
      bringIntoPane(partner);
    }
  };
  document.addEventListener("mouseover", (event) => light(event.target, true, false));
  document.addEventListener("mouseout", (event) => light(event.target, false, false));
  document.addEventListener("focusin", (event) => light(event.target, true, true));
  document.addEventListener("focusout", (event) => light(event.target, false, false));

  /* ---- ask before what cannot be taken back ---- */
  const dialog = one("#confirm");
  const agreed = new WeakSet();
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!dialog?.showModal || !form.dataset.confirm || agreed.delete(form)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const submitter = event.submitter;
    const yes = one("[data-confirm-yes]", dialog);
    const usual = yes.dataset.usual || (yes.dataset.usual = yes.textContent);
    one("#confirm-words", dialog).textContent = form.dataset.confirm;
    yes.textContent = form.dataset.confirmVerb || usual;
    yes.className = `btn btn-${form.dataset.confirmKind || "danger"}`;
    dialog.returnValue = "";
    dialog.addEventListener("close", () => {
      if (dialog.returnValue !== "yes") return;
      agreed.add(form);
      form.requestSubmit(submitter);
    }, { once: true });
    dialog.showModal();
  }, true);

  /* ---- words typed into a form wait in this tab until a page comes that says they were taken ---- */
  const user = document.body.dataset.user;
  const TYPED = "main form[method=post]:not([data-finding], [hx-post]) :is(textarea, input[type=text], input[type=date], input[type=number])";
  const tab = { get: (key) => { try { return sessionStorage.getItem(key); } catch { return null; } },
    set: (key, value) => { try { if (value === null) sessionStorage.removeItem(key); else sessionStorage.setItem(key, value); } catch { /* private window */ } } };
  const draftOf = (field) => `draft ${user} ${new URL(field.form.action).pathname} ${field.id || field.name}`;
  const handedOver = (form) => tab.set("drafts sent", JSON.stringify(all(TYPED).filter((field) => field.form === form).map(draftOf)));
  if (!user || one(".error-message")) tab.set("drafts sent", null); // an error, or signing in: they were not taken
  if (user) {
    for (const key of JSON.parse(tab.get("drafts sent") || "[]")) tab.set(key, null);
    tab.set("drafts sent", null);
    for (const field of all(TYPED)) {
      const typed = tab.get(draftOf(field));
      if (typed === null || typed === field.value) continue;
      field.value = typed;
      for (let box = field.closest("details"); box; box = box.parentElement.closest("details")) box.open = true;
    }
    document.addEventListener("input", (event) => { if (event.target.matches(TYPED)) tab.set(draftOf(event.target), event.target.value); });
    document.addEventListener("submit", (event) => {
      if (!event.defaultPrevented && !event.target.matches("[data-progress]")) handedOver(event.target);
    });
  }

  /* ---- a double click sends once ---- */
  const PATIENCE = 3000; // ms; later a second try is meant
  const sent = new WeakMap();
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || form.matches("[data-progress], [data-finding]")) return; // a finding bears its own key
    if (performance.now() - (sent.get(form) ?? -PATIENCE) < PATIENCE) {
      event.preventDefault();
      event.stopImmediatePropagation();
    } else sent.set(form, performance.now());
  }, true);
  /* an answer moves the next question under the pointer: nobody has read it in this time */
  const READING = 400;
  let swapped = -READING;
  document.addEventListener("click", (event) => {
    if (performance.now() - swapped > READING || !event.target.closest(".question button, .confirm button")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }, true);

  /* ---- files: drop zone and progress ---- */
  const named = (input) => {
    const list = one("[data-drop-files]", input.closest("[data-drop]"));
    if (list) list.textContent = [...input.files].map((file) => file.name).join("、");
  };
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-drop] input[type=file]")) named(event.target);
  });
  for (const [name, over] of [["dragover", true], ["dragleave", false], ["drop", false]]) {
    document.addEventListener(name, (event) => event.target.closest?.("[data-drop]")?.classList.toggle("is-over", over));
  }
  const sendWithProgress = (form, submitter) => {
    const shown = one("[data-drop-progress]", form);
    const bar = shown && one("progress", shown);
    const figure = shown && one("[data-drop-percent]", shown);
    const data = new FormData(form);
    if (submitter?.name) data.append(submitter.name, submitter.value);
    const request = new XMLHttpRequest();
    const busy = (on) => {
      for (const button of all("button[type=submit], button:not([type])", form)) {
        button.disabled = on;
        button.setAttribute("aria-busy", String(on));
      }
      if (shown) shown.hidden = !on;
    };
    request.upload.addEventListener("progress", (event) => {
      if (!event.lengthComputable || !shown) return;
      const percent = Math.round((100 * event.loaded) / event.total);
      bar.value = percent;
      figure.textContent = percent < 100 ? `${percent}%` : word("wordReading");
    });
    request.addEventListener("load", () => {
      const next = request.getResponseHeader("Location");
      if (next) {
        handedOver(form);
        return location.assign(new URL(next, location.href));
      }
      const elsewhere = request.responseURL && new URL(request.responseURL).pathname !== new URL(form.action).pathname;
      if (request.status < 400 && elsewhere) return location.assign(request.responseURL);
      const main = new DOMParser().parseFromString(request.responseText, "text/html").querySelector("main");
      busy(false);
      const why = main && one(".error-message", main);
      if (why) return complain(form, why.textContent);
      if (!main) return complain(form, word("wordFailed"));
      one("main").replaceChildren(...main.childNodes);
      window.htmx?.process(one("main"));
      wake(one("main"));
      one("main").focus();
    });
    request.addEventListener("error", () => { busy(false); complain(form, word("wordOffline")); });
    request.open("POST", form.action);
    request.setRequestHeader("X-CSRFToken", token());
    request.setRequestHeader("X-Upload-Progress", "1");
    busy(true);
    request.send(data);
  };
  const complain = (form, words) => {
    one(".flash-danger[data-made]", form)?.remove();
    const line = document.createElement("p");
    line.className = "flash flash-danger";
    line.dataset.made = "";
    line.setAttribute("role", "alert");
    line.textContent = words;
    form.prepend(line);
    line.scrollIntoView({ block: "center" });
  };
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("form[data-progress]") || event.defaultPrevented) return;
    event.preventDefault();
    sendWithProgress(event.target, event.submitter);
  });

  /* ---- long text opens in place ---- */
  const clamp = (box) => {
    if (box.dataset.clampReady !== undefined || box.scrollHeight <= box.clientHeight + 2) return;
    box.dataset.clampReady = "";
    const button = document.createElement("button");
    button.type = "button";
    button.className = "clamp-more";
    button.textContent = word("wordOpen");
    button.setAttribute("aria-expanded", "false");
    button.addEventListener("click", () => {
      const open = box.classList.toggle("is-open");
      button.textContent = word(open ? "wordClose" : "wordOpen");
      button.setAttribute("aria-expanded", String(open));
    });
    box.after(button);
  };

  /* ---- which columns a table shows ---- */
  const chooseColumns = (table) => {
    const place = one(`[data-columns-for="${table.dataset.columns}"]`);
    if (!place || place.childElementCount) return;
    const key = `columns:${table.dataset.columns}`;
    const hidden = new Set((recall(key) || "").split(",").filter(Boolean));
    const heads = all("thead th", table);
    const apply = () => {
      for (const row of table.rows) {
        if (row.cells.length !== heads.length) continue;
        heads.forEach((head, at) => { row.cells[at].hidden = hidden.has(head.dataset.col); });
      }
    };
    const menu = document.createElement("details");
    menu.className = "menu menu-end not-phone";
    const summary = document.createElement("summary");
    summary.className = "btn btn-quiet btn-sm";
    summary.textContent = word("wordColumns");
    const panel = document.createElement("div");
    panel.className = "menu-panel";
    for (const head of heads) {
      if (!head.dataset.col) continue;
      const label = document.createElement("label");
      label.className = "menu-item";
      const box = document.createElement("input");
      box.type = "checkbox";
      box.className = "form-check-input";
      box.checked = !hidden.has(head.dataset.col);
      box.addEventListener("change", () => {
        hidden[box.checked ? "delete" : "add"](head.dataset.col);
        remember(key, [...hidden].join(","));
        apply();
      });
      label.append(box, head.textContent.trim());
      panel.append(label);
    }
    menu.append(summary, panel);
    place.append(menu);
    apply();
  };

  /* ---- a button that says how many are ticked: data-tally="NAME" data-tally-words="签收 # 项" ---- */
  const tally = () => {
    for (const button of all("[data-tally]")) {
      const name = button.dataset.tally;
      const boxes = all(`input[type=checkbox][name="${name}"]`);
      const ticked = boxes.filter((box) => box.checked).length;
      const words = button.querySelector("span") ?? button; // beside an icon they stand in a span
      words.textContent = button.dataset.tallyWords.replace("#", ticked);
      button.disabled = !ticked;
      const every = one(`[data-check-all="${name}"]`);
      if (every) {
        every.checked = ticked === boxes.length;
        every.indeterminate = ticked > 0 && ticked < boxes.length;
      }
    }
  };
  document.addEventListener("change", (event) => {
    const name = event.target.dataset?.checkAll;
    if (name) for (const box of all(`input[type=checkbox][name="${name}"]`)) box.checked = event.target.checked;
    if (event.target.matches("input[type=checkbox]")) tally();
  });

  const wake = (root) => {
    all("[data-clamp]", root).forEach(clamp);
    all("table[data-columns]", root).forEach(chooseColumns);
    all("[data-rows] .is-here[data-lights]", root).forEach((row) => light(row, true, true));
  };
  wake(document);
  tally();
  document.addEventListener("htmx:after:swap", () => {
    swapped = performance.now();
    wake(document);
    /* an answered question is gone: the next one takes the focus, unless a form is in use */
    if (document.activeElement === document.body) one(".question.is-here")?.focus({ preventScroll: true });
  });
})();
