// The desk: a task opens under its row with the same form as its own page, saves by itself, and leads on to the next.
(function () {
  "use strict";
  var wanted = ""; // the field to go to once a form has opened

  function panelOf(row) { return row.querySelector(".work-open"); }
  function isOpen(row) { return panelOf(row).childElementCount > 0; }
  function rowOf(element) { return element.closest(".work[data-url]"); }

  function firstField(panel) {
    var form = panel.querySelector("form.line-form, form.figures-form");
    if (!form) { return null; }
    var empty = form.classList.contains("figures-form") && Array.prototype.find.call(form.querySelectorAll("input.num"), function (box) { return !box.value; });
    return empty || form.querySelector('input[name="status"]:checked') ||
      form.querySelector("input:not([type=hidden]):not([disabled]), textarea:not([disabled]), select:not([disabled])");
  }

  function focusIn(row) {
    var panel = panelOf(row);
    var field = wanted && document.getElementById(wanted);
    wanted = "";
    if (field && !field.matches("input, textarea, select")) { field = field.querySelector("input:checked") || field.querySelector("input, textarea, select") || field; }
    if (!field || !panel.contains(field)) { field = firstField(panel); }
    row.scrollIntoView({ block: "start" });
    if (field) { field.focus({ preventScroll: !(field.getBoundingClientRect().bottom > window.innerHeight) }); }
  }

  // Closing keeps: what was typed is sent, and the row says what it says now.
  function close(row, refocus) {
    if (!isOpen(row)) { return; }
    var sent = Array.prototype.map.call(row.querySelectorAll("form[data-autosave]"), function (form) {
      return window.portalAutosave.dirty(form) ? window.portalAutosave.flush(form) : null;
    });
    panelOf(row).replaceChildren();
    row.classList.remove("is-open");
    if (row.id.indexOf("viec-") === 0) {
      Promise.all(sent).then(function () {
        if (isOpen(row)) { return null; }
        return window.htmx.ajax("GET", row.getAttribute("data-url") + "?hang=1", { target: "#" + row.id, swap: "outerHTML" });
      }).then(function () {
        var fresh = refocus && document.querySelector("#" + row.id + " .work-side a[data-open]");
        if (fresh) { fresh.focus(); }
      });
    } else if (refocus) { row.querySelector("a[data-open]").focus(); }
  }

  function open(row, field) {
    wanted = field || "";
    if (isOpen(row)) { focusIn(row); return; }
    Array.prototype.forEach.call(document.querySelectorAll(".work.is-open"), function (other) { if (other !== row) { close(other, false); } });
    window.htmx.ajax("GET", row.getAttribute("data-url"), { target: "#" + panelOf(row).id, swap: "innerHTML" });
  }

  function wantsItself(event) { return event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey; }

  document.addEventListener("click", function (event) {
    if (wantsItself(event)) { return; }
    var link = event.target.closest && event.target.closest("a");
    if (!link) { return; }
    var row = rowOf(link);
    if (link.hasAttribute("data-open") && row) {
      event.preventDefault();
      if (isOpen(row)) { close(row, true); } else { open(row); }
    } else if (link.hasAttribute("data-close") && row) {
      event.preventDefault();
      close(row, true);
    } else if (link.hasAttribute("data-goes")) {
      var place = new URL(link.href);
      var target = document.querySelector('.work[data-url="' + place.pathname + '"]');
      if (target) {
        event.preventDefault();
        var field = place.hash.slice(1);
        open(target, /^so-lieu-/.test(field) ? "id_v_" + field.slice(8) : field);
      }
    }
  });

  // The part is the same as on its own page; here its forms answer in place.
  document.addEventListener("htmx:load", function (event) {
    var panel = event.detail.elt.closest && event.detail.elt.closest(".work-open");
    if (!panel) { return; }
    Array.prototype.forEach.call(panel.querySelectorAll("form.line-form, form.figures-form, form[data-place]"), function (form) {
      if (form.hasAttribute("hx-post")) { return; }
      form.setAttribute("hx-post", form.getAttribute("action"));
      form.setAttribute("hx-target", "#" + panel.id);
      form.setAttribute("hx-swap", "innerHTML");
      window.htmx.process(form);
    });
  });

  document.addEventListener("htmx:afterSwap", function (event) {
    var panel = event.detail.target;
    if (!panel.classList || !panel.classList.contains("work-open")) { return; }
    var row = rowOf(panel);
    row.classList.toggle("is-open", isOpen(row));
    if (isOpen(row)) { focusIn(row); }
  });

  // A save by the button lets the draft go and opens what waits next.
  document.addEventListener("htmx:beforeSwap", function (event) {
    var form = event.detail.requestConfig && event.detail.requestConfig.elt;
    if (form && form.matches && form.matches("form[data-keep]") && event.detail.xhr.status < 300) {
      if (event.detail.xhr.getResponseHeader("HX-Retarget")) { window.portalKeep.clear(form); }
    }
  });

  document.addEventListener("desk-saved", function (event) {
    var next = event.detail.next && document.getElementById(event.detail.next);
    var say = document.getElementById("desk-told");
    if (say) { say.textContent = event.detail.words || ""; }
    if (next) { open(next); } else if (event.detail.next) {
      // What waits next stood below the fifty that a long group shows: it has come up meanwhile.
      history.replaceState(null, "", location.pathname + "#" + event.detail.next);
      location.reload();
    } else {
      var hand = document.querySelector("#dau-" + event.detail.report + " .toolbar form button, #dau-" + event.detail.report + " summary");
      if (hand) { hand.scrollIntoView({ block: "center" }); hand.focus(); }
    }
  });

  document.addEventListener("keydown", function (event) {
    var row = event.key === "Escape" && event.target.closest && event.target.closest(".work.is-open");
    if (row) { close(row, true); }
  });
})();
