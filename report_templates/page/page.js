// 在浏览器里检索 out/index.html 的问题清单：不联网，不存储。
// Searches the list of findings in the browser. It fetches nothing and stores nothing; what it writes is text, never markup.
(function () {
  'use strict';
  var holder = document.getElementById('data');
  if (!holder) { return; }
  var data = JSON.parse(holder.textContent);
  var at = {};
  data.columns.forEach(function (name, place) { at[name] = place; });
  var texts = data.texts, words = data.words;
  var searched = ['rule', 'department', 'customer', 'record_key', 'field', 'value', 'message', 'place'].map(function (name) { return at[name]; });
  var element = function (id) { return document.getElementById(id); };
  var page = 0, found = [];
  // A card is longer than a row.
  var size = window.matchMedia('(max-width: 760px)').matches ? 15 : data.page_rows;

  function plain(text) {
    return (text.normalize ? text.normalize('NFKC') : text).toLowerCase();
  }

  function title(row) {
    var id = texts[row[at.rule]];
    return data.rules[id] || id;
  }

  // What is searched of each text, made when somebody searches for the first time.
  var folded = null;
  function folding() {
    if (!folded) {
      folded = texts.map(plain);
      // A rule is searched by its title as well as by its name.
      Object.keys(data.rules).forEach(function (id) {
        var place = texts.indexOf(id);
        if (place >= 0) { folded[place] += ' ' + plain(data.rules[id]); }
      });
    }
    return folded;
  }

  function choice(id) { return element(id).value; }

  function select() {
    var wanted = plain(choice('words')).split(/\s+/).filter(function (word) { return word; });
    var hits = wanted.map(function (word) {
      return folding().map(function (text) { return text.indexOf(word) >= 0; });
    });
    var filters = [];
    ['job', 'department', 'severity', 'status', 'rule'].forEach(function (name) {
      if (choice(name) !== '') { filters.push([at[name], Number(choice(name))]); }
    });
    found = [];
    for (var place = 0; place < data.rows.length; place += 1) {
      var row = data.rows[place];
      var fits = filters.every(function (filter) { return row[filter[0]] === filter[1]; }) &&
        hits.every(function (hit) { return searched.some(function (column) { return hit[row[column]]; }); });
      if (fits) { found.push(row); }
    }
    sort();
    page = 0;
    draw();
  }

  function sort() {
    var text = function (name) { return function (row) { return texts[row[at[name]]]; }; };
    var ways = { newest: text('first_seen'), oldest: text('first_seen'), customer: text('customer'), department: text('department'), rule: title };
    var by = ways[choice('sort')], back = choice('sort') === 'newest' ? -1 : 1;
    if (!by) { return; }
    var keyed = found.map(function (row, place) { return [by(row), place, row]; });
    keyed.sort(function (left, right) {
      return left[0] === right[0] ? left[1] - right[1] : (left[0] < right[0] ? -back : back);
    });
    found = keyed.map(function (entry) { return entry[2]; });
  }

  function fill(wording, places) {
    return wording.replace(/\{(\w+)\}/g, function (whole, name) { return name in places ? places[name] : whole; });
  }

  function add(parent, name, text, kind) {
    var child = document.createElement(name);
    if (text) { child.textContent = text; }
    if (kind) { child.className = kind; }
    parent.appendChild(child);
    return child;
  }

  function place(row) {
    var letters = texts[row[at.letters]], number = row[at.row];
    if (number === 0) { return texts[row[at.place]]; }
    return texts[row[at.place]] + words.between + (letters ? letters + number : fill(words.row, { row: number }));
  }

  function cell(line, label) {
    var made = add(line, 'td');
    made.setAttribute('data-label', label);
    return made;
  }

  function draw() {
    var rows = element('rows'), pages = Math.max(1, Math.ceil(found.length / size));
    page = Math.min(page, pages - 1);
    while (rows.firstChild) { rows.removeChild(rows.firstChild); }
    found.slice(page * size, (page + 1) * size).forEach(function (row) {
      var text = function (name) { return texts[row[at[name]]]; };
      var severity = data.severities[row[at.severity]], status = data.statuses[row[at.status]];
      var line = add(rows, 'tr');
      var state = cell(line, words.status);
      add(state, 'span', severity[1], 'severity ' + severity[0]);
      state.appendChild(document.createTextNode(' '));
      add(state, 'span', status[1], 'status ' + status[0]);
      var what = cell(line, words.rule);
      add(what, 'a', title(row), 'rule').setAttribute('href', '#rule-' + text('rule'));
      add(what, 'br');
      add(what, 'span', text('message'));
      var customer = cell(line, words.customer);
      customer.className = text('customer') + text('record_key') ? '' : 'blank';
      add(customer, 'span', text('customer') + ' ');
      add(customer, 'small', text('record_key'));
      var value = cell(line, words.cell);
      value.className = text('field') ? '' : 'blank';
      if (text('field')) {
        add(value, 'small', text('field') + ' ');
        add(value, 'span', text('value'));
      }
      add(cell(line, words.department), 'span', text('department'));
      add(cell(line, words.first_seen), 'span', text('first_seen'));
      add(cell(line, words.place), 'small', place(row));
    });
    if (found.length === 0) {
      add(add(rows, 'tr'), 'td', words.nothing).setAttribute('colspan', '7');
    }
    element('shown').textContent = fill(words.shown, { all: data.rows.length, count: found.length });
    element('page').textContent = fill(words.page, { page: page + 1, pages: pages });
    element('back').disabled = page === 0;
    element('next').disabled = page >= pages - 1;
    element('pages').hidden = pages < 2;
  }

  // The choices that there are, with how often, the most frequent first where the order means nothing.
  function choices(name, label, ordered) {
    var counts = {};
    data.rows.forEach(function (row) { counts[row[at[name]]] = (counts[row[at[name]]] || 0) + 1; });
    var keys = Object.keys(counts).map(Number);
    keys.sort(function (left, right) { return ordered ? left - right : counts[right] - counts[left] || left - right; });
    var box = element(name);
    add(box, 'option', words.all).value = '';
    keys.forEach(function (key) {
      add(box, 'option', label(key) + ' (' + counts[key] + ')').value = String(key);
    });
  }

  choices('job', function (key) { return data.jobs[key]; }, true);
  choices('department', function (key) { return texts[key]; }, false);
  choices('severity', function (key) { return data.severities[key][1]; }, true);
  choices('status', function (key) { return data.statuses[key][1]; }, true);
  choices('rule', function (key) { return data.rules[texts[key]] || texts[key]; }, false);
  // Jobs find much the same: the list opens with that of the latest run.
  function first() { if (data.jobs.length > 1) { element('job').value = '0'; } }
  first();

  var form = element('filter'), waiting = 0;
  form.hidden = false;
  form.addEventListener('submit', function (event) { event.preventDefault(); });
  form.addEventListener('change', select);
  form.addEventListener('reset', function () { setTimeout(function () { first(); select(); }, 0); });
  element('words').addEventListener('input', function () {
    clearTimeout(waiting);
    waiting = setTimeout(select, 150);
  });
  function turn(by) {
    page += by;
    draw();
    element('findings').scrollIntoView();
  }
  element('back').addEventListener('click', function () { turn(-1); });
  element('next').addEventListener('click', function () { turn(1); });
  // A link to a rule opens the list that it stands in.
  document.addEventListener('click', function (event) {
    var link = event.target;
    if (link && link.className === 'rule') { element('rule-list').open = true; }
  });
  select();
}());
