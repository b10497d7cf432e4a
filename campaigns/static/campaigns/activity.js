// Recording an activity: the short form in place on any page, its suggested name, the sites, Ctrl+Enter.
(function () {
  "use strict";
  if (window.quickActivity) { return; }
  window.quickActivity = true;

  // --- the form in place -----------------------------------------------------------------------------------------

  function dialog() {
    var found = document.getElementById("quick-activity");
    if (found) { return found; }
    var made = document.createElement("dialog"), body = document.createElement("div"), note = document.createElement("p");
    made.id = "quick-activity";
    made.className = "quick";
    made.setAttribute("aria-labelledby", "quick-activity-title");
    note.hidden = true;
    note.className = "alert alert-info";
    note.dataset.kept = "";
    body.id = "quick-activity-body";
    body.className = "stack";
    made.append(note, body);
    document.querySelector("main").append(made);
    made.addEventListener("input", function () { made.dataset.typed = ""; });
    return made;
  }

  function showForm(box) {
    var form = box.querySelector("form");
    if (!form) { return; }
    if (!box.open) { box.showModal(); }
    var place = form.elements.place, first = place && !place.value ? place : form.elements["figure-PB02"];
    (first || form).focus();
  }

  function load(box, url) {
    var body = document.getElementById("quick-activity-body");
    body.replaceChildren();
    delete box.dataset.typed;
    box.querySelector("[data-kept]").hidden = true;
    window.htmx.ajax("GET", url, { target: body, swap: "innerHTML" }).then(function () { showForm(box); });
  }

  // What was typed and not saved waits in the closed dialog; another activity is begun only when one says so.
  function keepOrLoad(box, url) {
    if (box.dataset.typed === undefined || !box.querySelector("form")) { load(box, url); return; }
    var note = box.querySelector("[data-kept]"), other = document.createElement("button");
    other.type = "button";
    other.className = "btn btn-small";
    other.textContent = "Bỏ, ghi hoạt động khác";
    other.addEventListener("click", function () { load(box, url); });
    note.replaceChildren("Hoạt động bạn gõ dở còn nguyên ở dưới. ", other);
    note.hidden = false;
    showForm(box);
  }

  document.addEventListener("click", function (event) {
    var link = event.target.closest("a[data-quick-activity]");
    var plain = !event.defaultPrevented && event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey;
    var whole = document.querySelector("form[data-activity]");
    if (link && plain && window.htmx && window.HTMLDialogElement && !(whole && !whole.closest("dialog"))) {
      event.preventDefault();
      if (link.closest("dialog")) { load(dialog(), link.href); } else { keepOrLoad(dialog(), link.href); }
    } else if (event.target.closest("dialog.quick [data-close]")) {
      dialog().close();
    }
  });

  document.addEventListener("activity-recorded", function () {
    var box = dialog(), form = box.querySelector("form[data-keep]");
    if (form && window.portalKeep) { window.portalKeep.clear(form); }
    delete box.dataset.typed;
    box.close();
  });
  document.addEventListener("htmx:oobAfterSwap", function (event) {
    if (event.detail.target.id === "notices") { event.detail.target.scrollIntoView({ block: "nearest" }); }
  });

  document.addEventListener("keydown", function (event) {
    var form = event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.closest && event.target.closest("form[data-activity]");
    if (form) {
      event.preventDefault();
      form.requestSubmit(form.querySelector("[data-save]"));
    }
  });

  // --- the name that an empty box will get (campaigns/activity_names.py says the same) -------------------------------

  function suggest(form) {
    var title = form.elements.title, place = form.elements.place.value.trim().replace(/\s+/g, " ");
    var task = form.querySelector('input[name="tasks"]:checked'), words = form.elements.form.selectedOptions[0].dataset.words;
    var about = task && task.dataset.words ? ": " + task.dataset.words : "";
    var help = document.getElementById("id_title_helptext"), name = place ? (words + about + " tại " + place).slice(0, 300) : "";
    title.placeholder = name;
    if (help) {
      help.dataset.usual = help.dataset.usual || help.textContent;
      help.textContent = name && !title.value ? "Để trống thì đặt tên: “" + name + "”." : help.dataset.usual;
    }
  }

  // --- sites -----------------------------------------------------------------------------------------------------

  function rows(table) { return Array.from(table.querySelectorAll("[data-site]")); }

  function field(row, part) { return row.querySelector('[name$="-' + part + '"]'); }

  function count(text) {
    var digits = text.replace(/[. \u00a0]/g, "");
    return /^[0-9]+$/.test(digits) ? Number(digits) : null;
  }

  function total(table) {
    var named = rows(table).filter(function (row) { return field(row, "name").value.trim(); });
    var known = named.map(function (row) { return count(field(row, "attendance").value); }).filter(function (number) { return number !== null; });
    var sum = known.reduce(function (one, other) { return one + other; }, 0), line = table.querySelector("[data-site-total]");
    var people = table.closest("form").elements["figure-PB02"];
    line.hidden = !named.length;
    line.textContent = named.length + " điểm cầu, " + sum.toLocaleString("vi-VN") + " người dự" + (known.length < named.length ? " (" + (named.length - known.length) + " điểm cầu chưa ghi số người)" : "") + ".";
    if (people) { people.placeholder = known.length ? sum.toLocaleString("vi-VN") : ""; }
  }

  function withRemoval(row) {
    var cell = document.createElement("td"), button = document.createElement("button"), words = document.createElement("span");
    button.type = "button";
    button.className = "btn btn-small btn-quiet";
    button.dataset.removeSite = "";
    words.className = "visually-hidden";
    words.textContent = " " + row.querySelector("label").textContent;
    button.append("Bỏ", words);
    cell.append(button);
    row.append(cell);
  }

  function addSite(table) {
    var all = rows(table), last = all[all.length - 1], numbers = all.map(function (row) { return Number(/site-([0-9]+)-/.exec(field(row, "name").name)[1]); });
    var fresh = last.cloneNode(true), number = Math.max.apply(null, numbers.concat(Number(table.dataset.most || 0))) + 1;
    table.dataset.most = number;
    fresh.querySelectorAll(".errorlist, .confirm-number").forEach(function (gone) { gone.remove(); });
    fresh.querySelectorAll("input").forEach(function (input) {
      input.name = input.name.replace(/site-[0-9]+-/, "site-" + number + "-");
      input.id = "id_" + input.name;
      if (input.type === "checkbox") { input.checked = false; } else { input.value = ""; }
      input.removeAttribute("aria-invalid");
    });
    fresh.querySelectorAll("label").forEach(function (label) {
      label.htmlFor = label.htmlFor.replace(/site-[0-9]+-/, "site-" + number + "-");
      label.textContent = label.textContent.replace(/dòng [0-9]+/, "dòng " + (number + 1));
    });
    fresh.querySelector("[data-remove-site] .visually-hidden").textContent = " " + fresh.querySelector("label").textContent;
    last.after(fresh);
    field(fresh, "name").focus();
  }

  function removeSite(table, row) {
    var note = table.querySelector("[data-site-undo]"), name = field(row, "name").value.trim();
    if (rows(table).length === 1) { addSite(table); }
    table.removed = { row: row, before: row.nextElementSibling, inside: row.parentElement };
    row.remove();
    note.hidden = false;
    note.querySelector("span").textContent = "Đã bỏ điểm cầu" + (name ? " “" + name + "”" : "") + ".";
    note.querySelector("button").focus();
    total(table);
  }

  function putBack(table) {
    var was = table.removed;
    table.querySelector("[data-site-undo]").hidden = true;
    was.inside.insertBefore(was.row, was.before && was.before.isConnected ? was.before : null);
    field(was.row, "name").focus();
    total(table);
  }

  document.addEventListener("click", function (event) {
    var table = event.target.closest("[data-sites]"), pressed = event.target.closest("button");
    if (!table || !pressed) { return; }
    if (pressed.dataset.addSite !== undefined) {
      event.preventDefault();
      addSite(table);
    } else if (pressed.dataset.removeSite !== undefined) {
      removeSite(table, pressed.closest("[data-site]"));
      pressed.form && pressed.form.dispatchEvent(new Event("input", { bubbles: true }));
    } else if (pressed.dataset.undoSite !== undefined) {
      putBack(table);
    }
  });

  // --- every form of an activity, also one that htmx brings ----------------------------------------------------------

  function refresh(event) {
    var form = event.target.closest && event.target.closest("form[data-activity]");
    if (form) { suggest(form); total(form.querySelector("[data-sites]")); }
  }
  document.addEventListener("input", refresh);
  document.addEventListener("change", refresh);

  function enhance() {
    document.querySelectorAll("form[data-activity]:not([data-ready])").forEach(function (form) {
      var table = form.querySelector("[data-sites]"), head = document.createElement("th");
      form.dataset.ready = "";
      head.scope = "col";
      head.append(Object.assign(document.createElement("span"), { className: "visually-hidden", textContent: "Bỏ" }));
      table.querySelector("thead tr").append(head);
      rows(table).forEach(withRemoval);
      suggest(form);
      total(table);
    });
  }
  document.addEventListener("htmx:load", enhance);
  enhance();
})();
