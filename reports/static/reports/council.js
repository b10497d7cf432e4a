// The council's report on the page: Ctrl+S saves the draft, Alt+Down and Alt+Up go from heading to heading, and the
// list of headings shows where one is. A file asked for while something typed is unsaved comes after a save of it.
// Without script the list leads there, the button saves, and the message after "Lưu và xuất" holds the file's link.
(function () {
  "use strict";
  var form = document.querySelector("form.council-form");
  if (!form) { return; }
  var parts = Array.from(form.querySelectorAll(".council-heading"));
  var links = new Map();
  document.querySelectorAll(".council-contents a[href^='#']").forEach(function (link) {
    var part = document.getElementById(link.getAttribute("href").slice(1));
    if (part) { links.set(part, link); }
  });

  // A box is as high as its text, up to a screen's worth.
  function grow(box) {
    while (box.scrollHeight > box.clientHeight + 2 && box.rows < 26) { box.rows += 1; }
  }
  form.querySelectorAll(".council-heading textarea").forEach(grow);
  form.addEventListener("input", function (event) {
    if (event.target.matches(".council-heading textarea")) { grow(event.target); }
  });

  // Something stands in the form that was not saved: typed here, brought back by keep.js, or refused by the server.
  function unsaved() {
    var keep = window.portalKeep;
    return form.hasAttribute("data-unsent") || Boolean(keep && keep.differs(keep.read(form), keep.read(form, true)));
  }
  function tell() {
    var words = unsaved() ? "Chưa lưu" : "";
    document.querySelectorAll("[data-unsaved]").forEach(function (place) {
      if (place.textContent !== words) { place.textContent = words; }
    });
  }
  ["input", "change", "keep:restored", "keep:dropped", "keep:kept"].forEach(function (name) { form.addEventListener(name, tell); });
  window.addEventListener("pageshow", tell);

  document.addEventListener("click", function (event) {
    var link = event.target.closest("a[data-export]");
    if (!link || !unsaved()) { return; }
    var button = form.querySelector('button[name="xuat"][value="' + link.getAttribute("data-export") + '"]');
    event.preventDefault();
    if (!button.disabled) { form.requestSubmit(button); }  // pressed twice it is on its way
  });
  var file = document.querySelector("#notices a[data-download]");
  if (file && /[?&]tai=/.test(location.search)) {
    history.replaceState(null, "", location.pathname);
    location.assign(file.href);
  }

  function here() {
    var focused = document.activeElement && document.activeElement.closest(".council-heading");
    if (focused) { return parts.indexOf(focused); }
    var at = -1;
    parts.forEach(function (part, index) { if (part.getBoundingClientRect().top < 120) { at = index; } });
    return at;
  }

  function go(step) {
    var next = parts[Math.max(0, Math.min(parts.length - 1, here() + step))];
    var box = next && next.querySelector("textarea");
    if (!box) { return; }
    next.scrollIntoView({ block: "start" });
    box.focus({ preventScroll: true });
    box.setSelectionRange(0, 0);
  }

  document.addEventListener("keydown", function (event) {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "s") {
      event.preventDefault();
      form.requestSubmit(form.querySelector(".council-saved button"));
    } else if (event.altKey && !event.ctrlKey && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      go(event.key === "ArrowDown" ? 1 : -1);
    }
  });

  if (!("IntersectionObserver" in window)) { return; }
  var shown = new Set();
  var watch = new IntersectionObserver(function (entries) {
    entries.forEach(function (entry) {
      if (entry.isIntersecting) { shown.add(entry.target); } else { shown.delete(entry.target); }
    });
    var first = Array.from(links.keys()).find(function (part) { return shown.has(part); });
    links.forEach(function (link, part) {
      if (part === first) { link.setAttribute("aria-current", "location"); } else { link.removeAttribute("aria-current"); }
    });
  }, { rootMargin: "-10% 0px -60% 0px" });
  links.forEach(function (_link, part) { watch.observe(part); });
})();
