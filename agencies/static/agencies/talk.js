// Writing a comment where one reads, and names after an @. Without this the same links open a page of their own.
(function () {
  "use strict";
  // A form that htmx brought in may bring this file again: listening once is enough.
  if (document.documentElement.dataset.talk) {
    return;
  }
  document.documentElement.dataset.talk = "on";

  document.addEventListener("click", function (event) {
    var link = event.target.closest("a[data-talk-open], a[data-talk-answer]");
    if (!link || !window.htmx || event.ctrlKey || event.metaKey || event.shiftKey || event.button) {
      return;
    }
    var talk = link.closest(".talk");
    if (talk) {
      event.preventDefault();
      htmx.ajax("GET", link.getAttribute("href"), { source: talk, target: talk, swap: "outerHTML" });
    }
  });

  // "Thôi" closes the box; what was typed in it is dropped only after asking.
  document.addEventListener("click", function (event) {
    var link = event.target.closest("a[data-talk-cancel]");
    var form = link && link.closest("form");
    var talk = form && form.closest(".talk");
    if (!talk || !window.htmx) {
      return;
    }
    event.preventDefault();
    var box = form.querySelector("textarea");
    if (box.value.trim() && box.value !== box.defaultValue && !window.confirm("Bỏ ý kiến đang viết?")) {
      return;
    }
    htmx.ajax("GET", form.getAttribute("action") + "&dong=1", { source: talk, target: talk, swap: "outerHTML" });
  });

  function fold(text) {
    return text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/[đĐ]/g, "d").toLowerCase();
  }

  // What is being typed after an @, up to the cursor: null when nobody is being called.
  function called(box) {
    var before = box.value.slice(0, box.selectionStart);
    var found = /(^|[^\w.@])@([^@\n,;:!?()]{0,40})$/.exec(before);
    return found ? { from: before.length - found[2].length, text: fold(found[2]) } : null;
  }

  function people(box) {
    var items = Array.from(box.form.querySelectorAll(".talk-people li"));
    return items.map(function (item) {
      return { login: item.dataset.login, name: item.dataset.name, words: item.textContent };
    });
  }

  function listOf(box) {
    var list = box.form.querySelector(".mention-list");
    if (!list) {
      list = document.createElement("ul");
      list.className = "mention-list";
      list.id = box.id + "-ai";
      list.setAttribute("role", "listbox");
      list.setAttribute("aria-label", "Nhắc ai");
      list.hidden = true;
      box.insertAdjacentElement("afterend", list);
      box.parentElement.classList.add("mention-field");
      box.setAttribute("aria-controls", list.id);
      box.setAttribute("aria-autocomplete", "list");
    }
    return list;
  }

  function close(box) {
    listOf(box).hidden = true;
    box.removeAttribute("aria-activedescendant");
  }

  function select(box, index) {
    var items = Array.from(listOf(box).children);
    var chosen = (index + items.length) % items.length;
    items.forEach(function (item, place) { item.setAttribute("aria-selected", String(place === chosen)); });
    items[chosen].scrollIntoView({ block: "nearest" });
    box.setAttribute("aria-activedescendant", items[chosen].id);
  }

  function selected(box) {
    return Array.from(listOf(box).children).findIndex(function (item) {
      return item.getAttribute("aria-selected") === "true";
    });
  }

  function suggest(box) {
    var call = called(box);
    var known = people(box);
    var fitting = !call ? [] : known.filter(function (person) {
      return fold(person.login).indexOf(call.text) === 0 || (" " + fold(person.name)).indexOf(" " + call.text) >= 0;
    }).slice(0, 8);
    var list = listOf(box);
    if (!fitting.length) {
      close(box);
      return;
    }
    list.replaceChildren.apply(list, fitting.map(function (person, index) {
      var item = document.createElement("li");
      item.id = list.id + "-" + index;
      item.setAttribute("role", "option");
      item.textContent = person.words;
      var alone = known.filter(function (other) { return other.name === person.name; }).length === 1;
      item.dataset.put = alone ? person.name : person.login;
      return item;
    }));
    list.hidden = false;
    select(box, 0);
  }

  function put(box, item) {
    var call = called(box);
    if (call && item) {
      box.setRangeText(item.dataset.put + " ", call.from, box.selectionStart, "end");
      box.dispatchEvent(new Event("input", { bubbles: true }));
    }
    close(box);
    box.focus();
  }

  document.addEventListener("input", function (event) {
    if (event.target.matches("textarea[data-mention]")) { suggest(event.target); }
  });

  document.addEventListener("keydown", function (event) {
    var box = event.target;
    if (!box.matches || !box.matches("textarea[data-mention]")) { return; }
    if ((event.ctrlKey || event.metaKey) && event.key === "Enter") {
      event.preventDefault();
      box.form.requestSubmit();
      return;
    }
    var list = listOf(box);
    if (list.hidden) { return; }
    var keys = { ArrowDown: 1, ArrowUp: -1 };
    if (keys[event.key]) {
      select(box, selected(box) + keys[event.key]);
    } else if (event.key === "Enter" || event.key === "Tab") {
      put(box, list.children[selected(box)]);
    } else if (event.key === "Escape") {
      close(box);
    } else {
      return;
    }
    event.preventDefault();
  });

  document.addEventListener("mousedown", function (event) {
    var item = event.target.closest(".mention-list li");
    if (item) {
      event.preventDefault();
      put(item.closest("form").querySelector("textarea[data-mention]"), item);
    }
  });

  document.addEventListener("focusout", function (event) {
    if (event.target.matches("textarea[data-mention]")) { close(event.target); }
  });
})();
