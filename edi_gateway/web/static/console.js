// What the pages need beyond htmx: times in the viewer's zone, and a look again when something happened. Every page works without it.
(function () {
  "use strict";
  const short = new Intl.DateTimeFormat(undefined, { month: "short", day: "2-digit", hour: "2-digit", minute: "2-digit" });
  const full = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "long" });

  function tellTimes(root) {
    for (const one of root.querySelectorAll("time[data-local]")) {
      const at = new Date(one.dateTime);
      if (isNaN(at)) continue;
      one.textContent = short.format(at);
      one.title = full.format(at) + " · " + one.dateTime;
      one.removeAttribute("data-local");
    }
  }

  function openMenuOnWideScreens() {
    const menu = document.querySelector("details.menu");
    if (menu) menu.open = window.matchMedia("(min-width: 46.01rem)").matches;
  }

  function listen() {
    if (!document.querySelector("[data-live]") || !window.EventSource) return;
    const stream = new EventSource("/live");
    let pending = 0;
    stream.addEventListener("news", function () {
      if (pending || document.hidden) return;
      pending = setTimeout(function () {
        pending = 0;
        htmx.trigger(document.body, "news");
      }, 700);
    });
    window.addEventListener("pagehide", () => stream.close());
  }

  document.addEventListener("DOMContentLoaded", function () {
    tellTimes(document);
    openMenuOnWideScreens();
    listen();
  });
  document.addEventListener("htmx:afterSettle", () => tellTimes(document));
  document.addEventListener("click", function (event) {
    const adder = event.target.closest("[data-copy-row]");
    if (!adder) return;
    const rows = document.getElementById(adder.dataset.copyRow);
    const last = rows.lastElementChild;
    const copy = last.cloneNode(true);
    for (const field of copy.querySelectorAll("input")) if (field.type !== "hidden") field.value = "";
    rows.append(copy);
    copy.querySelector("input, select").focus();
  });
})();
