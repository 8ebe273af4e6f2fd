/* Evidence on a task's page: files go up one by one, pictures open large. The page works without it. */
(() => {
  "use strict";
  const one = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const made = (tag, className, text) => {
    const element = document.createElement(tag);
    element.className = className;
    if (text) element.textContent = text;
    return element;
  };

  /* ---- each file is a request of its own: what was taken stays taken when the line breaks ---- */
  const waiting = [];
  let running = false;

  const shown = (job, words, state) => {
    job.line.className = `queue-line queue-${state}`;
    job.words.textContent = words;
    job.bar.hidden = state !== "running";
    job.again.hidden = state !== "offline";
  };
  const enqueue = (form, file) => {
    const job = { form, file, line: made("li", "queue-line"), words: made("span", "queue-words"), bar: document.createElement("progress"), again: made("button", "btn btn-quiet btn-sm", form.dataset.wordAgain) };
    const purpose = one("[name=requirement]", form);
    job.requirement = purpose ? purpose.value : "";
    job.bar.max = 100;
    job.bar.value = 0;
    job.bar.setAttribute("aria-label", file.name);
    job.again.type = "button";
    job.again.addEventListener("click", () => { again(job); next(); });
    job.line.append(made("span", "queue-name", file.name), job.bar, job.words, job.again);
    const list = one("[data-queue]", form);
    list.hidden = false;
    list.append(job.line);
    // a body over the limit is cut off by the server, which looks like a broken line
    if (file.size > Number(form.dataset.most)) shown(job, form.dataset.wordLarge, "refused");
    else again(job);
  };
  const again = (job) => {
    job.failed = false;
    shown(job, job.form.dataset.wordWaiting, "waiting");
    waiting.push(job);
  };
  const next = () => {
    if (running) return;
    const job = waiting.shift();
    if (!job) return;
    running = true;
    send(job, () => {
      running = false;
      if (waiting.length) next();
      else refresh();
    });
  };
  const send = (job, done) => {
    const words = job.form.dataset;
    const data = new FormData();
    data.append("csrf_token", one("[name=csrf_token]", job.form).value);
    data.append("requirement", job.requirement);
    data.append("evidence", job.file, job.file.name);
    const request = new XMLHttpRequest();
    shown(job, "0%", "running");
    request.upload.addEventListener("progress", (event) => {
      if (!event.lengthComputable) return;
      const percent = Math.round((100 * event.loaded) / event.total);
      job.bar.value = percent;
      job.words.textContent = percent < 100 ? `${percent}%` : words.wordLooking;
    });
    request.addEventListener("load", () => { told(job, request); done(); });
    request.addEventListener("error", () => { job.failed = true; shown(job, words.wordOffline, "offline"); done(); });
    request.open("POST", job.form.action);
    request.setRequestHeader("X-Upload-Progress", "1");
    request.send(data);
  };
  const told = (job, request) => {
    let answer = null;
    try { answer = JSON.parse(request.responseText); } catch { /* a page that says why */ }
    if (answer) {
      const [why] = [...answer.refused, ...answer.same];
      shown(job, why || job.form.dataset.wordDone, answer.refused.length ? "refused" : answer.same.length ? "same" : "done");
      return;
    }
    const page = new DOMParser().parseFromString(request.responseText, "text/html");
    const why = one(".error-message", page);
    shown(job, why ? why.textContent.trim() : job.form.dataset.wordFailed, why && request.status < 500 ? "refused" : "offline");
  };
  /* what is on the page is fetched anew, the queue with its sentences stays */
  const refresh = () => {
    fetch(location.href, { credentials: "same-origin" }).then((answer) => answer.text()).then((text) => {
      const page = new DOMParser().parseFromString(text, "text/html");
      for (const place of ["[data-evidence-shelf]", "[data-evidence-count]", ".timeline"]) {
        const [old, fresh] = [one(place), one(place, page)];
        if (old && fresh) old.replaceWith(document.adoptNode(fresh));
      }
    }).catch(() => { /* the queue says that the line is down */ });
  };
  document.addEventListener("change", (event) => {
    const form = event.target.closest?.("form[data-files]");
    if (!form || event.target.type !== "file") return;
    for (const file of event.target.files) enqueue(form, file);
    event.target.value = "";
    const names = one("[data-drop-files]", form);
    if (names) names.textContent = "";
    next();
  });
  document.addEventListener("submit", (event) => {
    if (event.target.matches("form[data-files]")) event.preventDefault();
  }, true);
  window.addEventListener("online", () => {
    for (const button of all(".queue-offline button")) button.click();
  });
  window.addEventListener("beforeunload", (event) => {
    if (running || waiting.length) event.preventDefault();
  });

  /* ---- pictures open in the page ---- */
  let dialog = null;
  let at = 0;
  const pictures = () => all("a[data-view]");
  const show = (index) => {
    const links = pictures();
    if (!links.length) return;
    at = (index + links.length) % links.length;
    const link = links[at];
    const image = one("img", dialog);
    image.src = link.href;
    image.alt = link.dataset.view;
    one("[data-view-name]", dialog).textContent = `${link.dataset.view}  ${at + 1}/${links.length}`;
    one("[data-view-download]", dialog).href = link.dataset.viewFile;
    for (const button of all("[data-view-step]", dialog)) button.hidden = links.length < 2;
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-view]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    dialog = one("#view");
    if (!dialog?.showModal) return;
    event.preventDefault();
    show(pictures().indexOf(link));
    dialog.showModal();
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-view-step]");
    if (button) show(at + Number(button.dataset.viewStep));
    else if (event.target.closest("[data-view-close]") || event.target.id === "view") dialog?.close();
  });
  document.addEventListener("keydown", (event) => {
    if (!dialog?.open) return;
    if (event.key === "ArrowRight") show(at + 1);
    else if (event.key === "ArrowLeft") show(at - 1);
  });
})();
