/* Returned workbooks: choose for a row or a workbook at once, and see what is still undecided. */
(() => {
  "use strict";
  const form = document.querySelector(".returned-form");
  if (!form) return;
  const counter = form.querySelector("[data-undecided]");
  const open = () => new Set(
    [...form.querySelectorAll("input[type=radio][required]:not(:disabled)")].map((one) => one.name));
  const tally = () => {
    const names = open();
    for (const one of form.querySelectorAll("input[type=radio][required]:checked")) names.delete(one.name);
    if (!counter) return;
    counter.hidden = !names.size;
    counter.textContent = counter.dataset.words.replace("{count}", names.size);
  };
  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-choose]");
    if (!button) return;
    const about = button.closest("[data-choices]");
    for (const one of about.querySelectorAll(`input[type=radio][value="${button.dataset.choose}"]`)) { one.checked = true; lone(one); }
    tally();
  });
  /* one cell in two workbooks: whoever takes the one leaves the other */
  const lone = (radio) => {
    if (radio.value !== "take" || !radio.checked) return;
    for (const one of form.querySelectorAll(`input[type=radio][value="leave"][data-cell="${radio.dataset.cell}"]`)) {
      if (one.name !== radio.name) one.checked = true;
    }
  };
  const next = () => {
    const names = open();
    for (const one of form.querySelectorAll("input[type=radio][required]:checked")) names.delete(one.name);
    const left = [...form.querySelectorAll("input[type=radio][required]")].filter((one) => names.has(one.name));
    const here = left.findLastIndex((one) => one.name === document.activeElement?.name);
    const below = left[here + 1] && here >= 0 ? left[here + 1]
      : left.find((one) => here < 0 && one.getBoundingClientRect().top > 120) || left[0];
    below?.closest(".change")?.scrollIntoView({ block: "center" });
    below?.focus({ preventScroll: true });
  };
  form.querySelector("[data-next-open]")?.addEventListener("click", next);
  document.addEventListener("keydown", (event) => {
    if (event.key === "n" && !event.ctrlKey && !event.metaKey && !event.altKey && !event.target.matches("input:not([type=radio]), textarea, select")) next();
  });
  form.querySelector("[data-only-open]")?.addEventListener("change", (event) => {
    form.classList.toggle("only-open", event.target.checked);
  });
  form.addEventListener("change", (event) => {
    if (event.target.matches("input[type=radio]")) lone(event.target);
    if (event.target.matches("[data-skip]")) {
      const about = event.target.closest("[data-choices]");
      about.classList.toggle("is-skipped", event.target.checked);
      for (const one of about.querySelectorAll("input[type=radio]")) one.disabled = event.target.checked;
    }
    tally();
  });
  for (const tools of form.querySelectorAll("[data-needs-script]")) tools.classList.add("is-awake");
  tally();
})();
