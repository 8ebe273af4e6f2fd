/* A covert visit on site. What is entered is kept on this device first (IndexedDB), photos and all,
   and sent from there; what was not taken stays and is sent again when the network is back. Each
   finding bears a key made here, so that the same one sent twice counts once. The page needs no
   service worker and no secure address; without this file its forms are plain forms. */
(() => {
  "use strict";
  const one = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const AGAIN = 20000; // ms between two tries while something waits
  const SIDE = 2000; // pixels of a photo's longer side
  const page = one("[data-visit]");
  const notice = one("[data-visits-kept]");
  const user = (page || notice)?.dataset.user;
  if (!user) return;

  /* ---- the store: findings by key, drafts by item ---- */
  const opened = new Promise((resolve, reject) => {
    if (!window.indexedDB) return reject(new Error("no store"));
    const asked = indexedDB.open("tracker-visits", 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore("findings", { keyPath: "key" });
      asked.result.createObjectStore("drafts", { keyPath: "id" });
    };
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
  const at = async (store, mode, deed) => {
    const base = await opened;
    return new Promise((resolve, reject) => {
      const turn = base.transaction(store, mode, { durability: "strict" });
      const request = deed(turn.objectStore(store));
      turn.oncomplete = () => resolve(request.result);
      turn.onerror = turn.onabort = () => reject(turn.error);
    });
  };
  const put = (store, row) => at(store, "readwrite", (rows) => rows.put(row));
  const drop = (store, key) => at(store, "readwrite", (rows) => rows.delete(key));
  const get = (store, key) => at(store, "readonly", (rows) => rows.get(key));
  const kept = async () => (await at("findings", "readonly", (rows) => rows.getAll()))
    .filter((row) => row.user === user).sort((a, b) => a.at - b.at);

  if (notice) {
    kept().then((rows) => {
      notice.hidden = !rows.length;
      one("span", notice).textContent = notice.dataset.words.replace("#", rows.length);
      one("[data-visits-links]", notice).replaceChildren(...[...new Set(rows.map((row) => row.visit))].flatMap((visit) => {
        const link = document.createElement("a");
        link.href = notice.dataset.page.replace(/0$/, visit);
        link.textContent = notice.dataset.open;
        return [link, " "];
      }));
    }, () => {});
    return;
  }

  const visit = page.dataset.visitId;
  const word = (name) => page.dataset[`word${name}`] || "";
  const token = () => one('meta[name="csrf-token"]')?.content;
  const state = one("[data-visit-state]");
  const say = (words, kind) => {
    state.hidden = !words;
    state.className = `visit-state notice notice-${kind}`;
    one("span", state).textContent = words;
  };
  const make = (name, text, className) => {
    const element = document.createElement(name);
    if (text) element.textContent = text;
    if (className) element.className = className;
    return element;
  };
  /* crypto.randomUUID is there on secure addresses only */
  const newKey = () => [...crypto.getRandomValues(new Uint8Array(16))].map((n) => n.toString(16).padStart(2, "0")).join("");

  /* ---- what is shown of a finding kept here ---- */
  const listOf = (item) => one(`[data-visit-item="${item}"] [data-findings]`);
  const show = (row) => {
    const list = listOf(row.fields.item);
    if (!list) return;
    let entry = all("[data-key]", list).find((each) => each.dataset.key === row.key);
    if (!entry) list.append(entry = make("li"));
    entry.className = "finding finding-kept";
    entry.dataset.key = row.key;
    const off = row.fields.verdict === "off";
    const head = make("p", "", "strong");
    head.append(off ? word("Off").replace("#", row.fields.points_off) : word("Clear"), " ");
    const lamp = make("span", row.state === "sent" ? word("Sent") : row.state === "sending" ? word("Sending") : word("Kept"), `state ${row.state === "sent" ? "state-completed" : "state-issued"}`);
    head.append(lamp);
    entry.replaceChildren(head);
    if (row.fields.text && off) entry.append(make("p", row.fields.text, "pre-line"));
    if (row.photos.length) entry.append(make("p", word("Photos").replace("#", row.photos.length), "muted small"));
    if (row.state !== "refused") return;
    lamp.textContent = word("Refused");
    entry.append(make("p", row.why, "field-error"));
    const again = make("button", word("Retry"), "btn btn-sm btn-outline-primary");
    const away = make("button", word("Discard"), "btn btn-sm btn-quiet");
    again.type = away.type = "button";
    const form = one("form[data-finding]", list.parentElement);
    if (form) {
      const change = make("button", word("Change"), "btn btn-sm btn-outline-primary");
      change.type = "button";
      change.addEventListener("click", async () => {
        if (!(await form.takeUp(row))) return;
        await putAway(row, entry);
      });
      entry.append(change, " ");
    }
    again.addEventListener("click", async () => { await put("findings", { ...row, state: "kept" }); sendAll(); });
    away.addEventListener("click", () => putAway(row, entry));
    entry.append(again, " ", away);
  };
  const putAway = async (row, entry) => {
    await drop("findings", row.key);
    entry.remove();
    page.dataset.wasKept = ""; // gone from here is not sent
    tell();
  };
  const tell = async () => {
    const rows = (await kept().catch(() => [])).filter((row) => row.visit === visit);
    if (rows.length) say(word("Count").replace("#", rows.length), "warning");
    else say(page.dataset.wasKept ? word("All") : "", "success");
  };

  /* ---- sending ---- */
  const send = async (row) => {
    const form = new FormData();
    for (const [name, value] of Object.entries(row.fields)) form.append(name, value);
    form.append("key", row.key);
    row.photos.forEach((photo, number) => form.append("photo", photo, `photo-${number + 1}.jpg`));
    const answer = await fetch(row.url, {
      method: "POST", body: form, credentials: "same-origin",
      headers: { "X-CSRFToken": token(), "X-Kept-Here": "1" },
    });
    if (answer.ok && !answer.redirected && (await answer.json().catch(() => ({}))).state === "sent") return "sent";
    if (answer.redirected || answer.status === 400) return "signin";
    if (answer.status < 500) {
      const read = new DOMParser().parseFromString(await answer.text(), "text/html");
      row.why = one(".error-message", read)?.textContent.trim() || String(answer.status);
      return "refused";
    }
    return "kept";
  };
  let busy = false;
  let more = false;
  const sendAll = async () => {
    if (busy) { more = true; return; }
    busy = true;
    try {
      do {
        more = false;
        for (const row of await kept()) {
          if (row.state === "refused" || row.visit !== visit) continue;
          show({ ...row, state: "sending" });
          const came = await send(row).catch(() => "kept");
          if (came === "sent") { await drop("findings", row.key); page.dataset.wasKept = "1"; }
          else if (came === "refused") { row.state = "refused"; await put("findings", row); }
          show({ ...row, state: came === "signin" ? "kept" : came });
          if (came === "signin") { say(word("Signin"), "warning"); return; }
          if (came === "kept") break;
        }
        await tell();
      } while (more);
    } finally { busy = false; }
  };
  window.addEventListener("online", sendAll);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) sendAll(); });
  setInterval(sendAll, AGAIN);

  /* ---- photos: made smaller here; what the camera wrote beside the pixels stays behind ---- */
  const smaller = async (file) => {
    try {
      const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
      const scale = Math.min(1, SIDE / Math.max(picture.width, picture.height));
      const canvas = document.createElement("canvas");
      canvas.width = Math.max(1, Math.round(picture.width * scale));
      canvas.height = Math.max(1, Math.round(picture.height * scale));
      canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
      picture.close();
      return await new Promise((resolve) => canvas.toBlob((blob) => resolve(blob || file), "image/jpeg", 0.85));
    } catch { return file; }
  };

  /* ---- a form: its draft is kept while it is filled in ---- */
  const NAMES = ["item", "verdict", "points_off", "text", "place"];
  const wake = (form) => {
    const field = (name) => form.elements.namedItem(name); // form.elements.item is a method
    const id = `${user}-${visit}-${field("item").value}`;
    let photos = [];
    let shrinking = Promise.resolve(); // photos on their way into the form
    const shown = one("[data-photos]", form);
    const error = one("[data-finding-error]", form);
    const values = () => Object.fromEntries(NAMES.map((name) => [name, field(name).value]));
    const complain = (words) => { error.hidden = !words; error.textContent = words || ""; };
    const draft = () => put("drafts", { id, fields: values(), photos }).catch(() => {});
    const choose = () => { one("[data-when-off]", form).hidden = field("verdict").value !== "off"; };
    const picture = () => {
      for (const old of all("img", shown)) URL.revokeObjectURL(old.src);
      shown.replaceChildren(...photos.map((photo, number) => {
        const box = make("button", "", "photo-taken");
        const image = make("img");
        box.type = "button";
        box.title = box.ariaLabel = `${word("Discard")} ${number + 1}`;
        image.src = URL.createObjectURL(photo);
        image.alt = "";
        box.append(image, make("span", "×"));
        box.addEventListener("click", () => { photos.splice(number, 1); picture(); draft(); });
        return box;
      }));
    };
    const fill = (row) => {
      for (const name of NAMES.slice(1)) if (row.fields[name]) field(name).value = row.fields[name];
      photos = row.photos;
      choose();
      picture();
    };
    form.addEventListener("input", () => { choose(); draft(); });
    const take = async (files) => {
      shown.append(make("span", word("Photo"), "muted small"));
      for (const file of files) photos.push(await smaller(file));
      complain(photos.length > Number(page.dataset.most) ? word("Many").replace("#", page.dataset.most) : "");
      photos = photos.slice(0, Number(page.dataset.most));
      picture();
      await draft();
    };
    field("photo").addEventListener("change", (event) => {
      const files = [...event.target.files];
      event.target.value = "";
      shrinking = shrinking.then(() => take(files));
    });
    /* a finding that was not taken goes back into the form, unless another one is being written */
    form.takeUp = async (row) => {
      if (photos.length || field("verdict").value || field("text").value.trim()) {
        complain(word("Busy"));
        return false;
      }
      fill(row);
      await draft();
      form.scrollIntoView({ block: "center" });
      return true;
    };
    /* what the server would refuse is said here, before the form is emptied */
    const wrong = () => {
      if (field("verdict").value !== "off") return "";
      const [off, most] = [Number(field("points_off").value.replace("，", ".")), Number(form.dataset.possible)];
      if (!(off > 0 && off <= most)) return word("Points").replace("#", form.dataset.possible);
      return field("text").value.trim() ? "" : word("Said");
    };
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      event.stopImmediatePropagation();
      if (wrong()) return complain(wrong());
      one("button[type=submit]", form).disabled = true;
      await shrinking;
      const words = values();
      if (words.verdict !== "off") words.points_off = words.text = ""; // written before it was found to be in order
      const fields = { ...words, seen_at: new Date().toISOString() };
      const row = { key: newKey(), user, visit, url: form.action, fields, photos, state: "kept", why: "", at: Date.now() };
      const button = one("button[type=submit]", form);
      button.disabled = true;
      try {
        await put("findings", row);
        await drop("drafts", id);
      } catch {
        say(word("Nostore"), "danger");
        button.disabled = false;
        const came = await send(row).catch(() => "kept");
        if (came !== "sent") return complain(came === "refused" ? row.why : word("Nostore"));
        row.state = "sent";
      }
      button.disabled = false;
      complain("");
      form.reset();
      photos = [];
      picture();
      choose();
      show(row);
      page.dataset.wasKept = "1";
      sendAll();
    }, true);
    choose();
    get("drafts", id).then((row) => { if (row) fill(row); }, () => {});
  };
  all("form[data-finding]").forEach(wake);

  /* ---- one item a screen ---- */
  const items = all("[data-visit-item]");
  const steps = one("[data-visit-steps]");
  if (items.length > 1) {
    let here = 0;
    const turn = (number) => {
      here = Math.max(0, Math.min(items.length - 1, number));
      items.forEach((item, place) => { item.hidden = place !== here; });
      one("[data-step-here]", steps).textContent = `${here + 1} / ${items.length}`;
      for (const button of all("[data-step]", steps)) button.disabled = here + Number(button.dataset.step) < 0 || here + Number(button.dataset.step) >= items.length;
      try { sessionStorage.setItem(`visit-${visit}`, here); } catch { /* private window */ }
    };
    steps.hidden = false;
    for (const button of all("[data-step]", steps)) button.addEventListener("click", () => { turn(here + Number(button.dataset.step)); steps.scrollIntoView({ block: "nearest" }); });
    let last = 0;
    try { last = Number(sessionStorage.getItem(`visit-${visit}`)) || 0; } catch { /* private window */ }
    turn(last);
  }

  opened.then(async () => {
    const rows = await kept();
    rows.filter((row) => row.visit === visit).forEach(show);
    if (rows.length) { page.dataset.wasKept = "1"; await tell(); sendAll(); }
  }, () => say(word("Nostore"), "danger"));
})();
