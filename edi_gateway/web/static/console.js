// What the pages need beyond htmx: times in the viewer's zone, and a look again when something happened. Every page works without it.
(function () {
  "use strict";
  const short = new Intl.DateTimeFormat(undefined, { month: "short", day: "2-digit", hour: "2-digit", minute: "2-digit" });
  const zone = short.resolvedOptions().timeZone;
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

  // Hours of a chart; where the viewer's zone is half an hour off, those below it stay in UTC.
  function tellHours(root) {
    for (const one of root.querySelectorAll("title[data-hour-of]")) {
      one.textContent = short.format(new Date(one.dataset.hourOf)) + ": " + one.dataset.says;
    }
    if (new Date().getTimezoneOffset() % 60) return;
    for (const one of root.querySelectorAll("text[data-hour]")) {
      one.textContent = String(new Date(one.dataset.hour).getHours()).padStart(2, "0");
    }
    for (const one of root.querySelectorAll("[data-chart-zone]")) one.textContent = "your zone, " + zone;
  }

  // Moments in forms are in the viewer's zone, as all times are; in an address that came with a zone they stay in that one.
  function sayZone(root) {
    for (const form of root.querySelectorAll("form")) {
      const field = form.querySelector("input[data-zone]");
      if (!field || field.value) continue;
      const given = [...form.querySelectorAll("input[type=date], input[type=datetime-local]")].some((one) => one.defaultValue);
      if (given) continue;  // told in UTC
      field.value = zone;
      for (const one of form.querySelectorAll("[data-zone-name]")) one.textContent = zone;
    }
  }

  // A list that somebody works in is not renewed under their hands.
  function isInUse(region) {
    if (region.contains(document.activeElement) || region.querySelector("details[open]")) return true;
    return [...region.querySelectorAll("input:not([type=hidden]), textarea")].some((one) => one.value !== one.defaultValue);
  }

  function openMenuOnWideScreens() {
    const menu = document.querySelector("details.menu");
    if (menu) menu.open = window.matchMedia("(min-width: 46.01rem)").matches;
  }

  let pending = 0;
  let missed = false;  // something happened that the page does not show: nobody looked at it, or a list was in use

  function lookAgain() {
    missed = document.hidden;
    if (pending || missed) return;
    pending = setTimeout(function () {
      pending = 0;
      htmx.trigger(document.body, "news");
    }, 700);
  }

  // A stream that was cut off says itself whether something happened meanwhile; one that was refused is begun anew.
  function listen(isAnew) {
    if (!document.querySelector("[data-live]") || !window.EventSource) return;
    const stream = new EventSource("/live");
    stream.addEventListener("news", lookAgain);
    if (isAnew) stream.addEventListener("open", lookAgain, { once: true });
    stream.addEventListener("error", function () {
      if (stream.readyState === EventSource.CLOSED) setTimeout(listen, 15000, true);
    });
    window.addEventListener("pagehide", () => stream.close(), { once: true });
  }

  document.addEventListener("DOMContentLoaded", function () {
    tellTimes(document);
    tellHours(document);
    sayZone(document);
    openMenuOnWideScreens();
    listen(false);
  });
  window.addEventListener("pageshow", (event) => event.persisted && listen(true));
  for (const moment of ["visibilitychange", "focusout", "toggle"]) {
    document.addEventListener(moment, () => missed && lookAgain(), true);
  }
  document.addEventListener("htmx:afterSettle", function () {
    tellTimes(document);
    tellHours(document);
  });
  // Asked again when the answer is there: meanwhile somebody may have gone into the list.
  for (const moment of ["htmx:beforeRequest", "htmx:beforeSwap"]) {
    document.addEventListener(moment, function (event) {
      const cause = event.detail.requestConfig.triggeringEvent;
      if (!cause || cause.type !== "news" || !isInUse(event.detail.elt)) return;
      missed = true;
      event.preventDefault();
    });
  }
  for (const moment of ["htmx:sendError", "htmx:responseError"]) {
    document.addEventListener(moment, function (event) {
      const cause = event.detail.requestConfig.triggeringEvent;
      if (cause && cause.type === "news") setTimeout(lookAgain, 15000);
    });
  }
  // What is searched was looked for as it was typed: leaving the field must not renew the list somebody goes into.
  document.addEventListener("change", function (event) {
    if (event.target.type === "search") event.stopPropagation();
  }, true);
  // What is taken away as CSV says its times as the page does; which rows it holds is the address's own affair.
  document.addEventListener("click", function (event) {
    const link = event.target.closest("a[href]");
    if (!link) return;
    const to = new URL(link.href);
    if (!to.pathname.endsWith(".csv") || to.searchParams.has("shown_in")) return;
    to.searchParams.set("shown_in", zone);
    link.href = to.href;
  }, true);
  document.addEventListener("click", function (event) {
    const adder = event.target.closest("[data-copy-row]");
    if (!adder) return;
    const rows = document.getElementById(adder.dataset.copyRow);
    const last = rows.lastElementChild;
    const copy = last.cloneNode(true);
    for (const field of copy.querySelectorAll("input")) if (field.type !== "hidden") field.value = "";
    for (const said of copy.querySelectorAll("small")) said.remove();  // it was said of the row that was copied
    rows.append(copy);
    copy.querySelector("input, select").focus();
  });
})();
