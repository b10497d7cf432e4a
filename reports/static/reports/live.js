// The rules while somebody types: the answers stand beside the fields (reports/views/live.py).
(function () {
  "use strict";

  // Only what has changed is put in place: a screen reader says news, not the whole page again.
  document.addEventListener("htmx:oobBeforeSwap", function (event) {
    var news = event.detail.fragment;
    if (news && event.target.innerHTML.trim() === (news.innerHTML || "").trim()) {
      event.detail.shouldSwap = false;
    }
  });

  // Chosen files are sent only when the form is saved; how many there are matters before that.
  document.addEventListener("htmx:configRequest", function (event) {
    if (!event.target.matches("[data-live]")) {
      return;
    }
    var box = event.target.closest("form").querySelector('input[type="file"]');
    if (box) {
      event.detail.parameters["so-tep"] = String(box.files.length);
      delete event.detail.parameters[box.name];
    }
  });
})();
