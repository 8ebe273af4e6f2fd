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
    for (const one of about.querySelectorAll(`input[type=radio][value="${button.dataset.choose}"]`)) one.checked = true;
    tally();
  });
  form.addEventListener("change", (event) => {
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
