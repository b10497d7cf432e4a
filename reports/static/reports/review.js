// Reading a report by keyboard: j/k from one place to look at to the next, c to comment there, a to accept, r to return.
(function () {
  "use strict";

  // A place inside a closed group is opened before it is shown.
  function reveal(place) {
    for (var box = place.closest("details"); box; box = box.parentElement.closest("details")) {
      box.open = true;
    }
  }

  function shownByAddress() {
    var place = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (place) {
      reveal(place);
      place.scrollIntoView();
      return;
    }
    // A line of a long report that stands on another of its pages: the server knows which.
    var line = /^#dong-([0-9]+)$/.exec(location.hash);
    if (line && document.querySelector("[data-pages]") && location.search.indexOf("dong=") < 0) {
      location.replace("?dong=" + line[1] + location.hash);
    }
  }
  window.addEventListener("hashchange", shownByAddress);
  document.addEventListener("DOMContentLoaded", shownByAddress);
  shownByAddress();

  // The places of the list above in its order, then the others (those with comments alone) in the page's.
  function inOrder() {
    var listed = Array.from(document.querySelectorAll("[data-looks] > li > a[href^='#']")).map(function (link) {
      return document.getElementById(decodeURIComponent(link.hash.slice(1)));
    }).filter(Boolean);
    var others = Array.from(document.querySelectorAll("[data-look]")).filter(function (place) {
      return listed.indexOf(place) < 0;
    });
    return listed.concat(others);
  }

  var current = null;
  function go(step) {
    var places = inOrder();
    if (!places.length) {
      return;
    }
    var at = places.indexOf(current);
    current = at < 0 ? places[step > 0 ? 0 : places.length - 1] : places[Math.max(0, Math.min(places.length - 1, at + step))];
    reveal(current);
    if (!current.hasAttribute("tabindex")) {
      current.tabIndex = -1;
    }
    current.focus({ preventScroll: true });
    current.scrollIntoView({ block: "center" });
  }

  function comment() {
    var link = current && current.querySelector("a[data-talk-open]");
    var whole = document.querySelector("#y-kien-chung a[data-talk-open]");
    if (link || whole) {
      (link || whole).scrollIntoView({ block: "center" });
      (link || whole).click();
    }
  }

  function press(verbs) {
    // The same button stands above and below; a narrow screen shows only one of them.
    var all = verbs.map(function (verb) { return Array.from(document.querySelectorAll("[data-verb='" + verb + "']")); });
    var found = [].concat.apply([], all).find(function (button) { return button.offsetParent; });
    if (!found) {
      return;
    }
    if (found.matches("details")) {
      found.open = true;
      found.querySelector("textarea").focus();
    } else {
      found.click();
    }
  }

  document.addEventListener("keydown", function (event) {
    var target = event.target;
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.isComposing || event.defaultPrevented) {
      return;
    }
    if (target.closest("input, textarea, select, [contenteditable]")) {
      return;
    }
    var deeds = {
      j: function () { go(1); },
      k: function () { go(-1); },
      c: comment,
      a: function () { press(["tiep-nhan", "duyet"]); },
      r: function () { press(["tra-lai", "khong-duyet"]); }
    };
    var deed = deeds[event.key];
    if (deed) {
      event.preventDefault();
      deed();
    }
  });
})();
